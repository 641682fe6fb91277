"""Can somebody come in to the pages, and does nobody read along?"""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from app.doctor.check import Check
from app.settings import Settings, WebSection
from app.web.rights import Role
from storage.ledger import Ledger

NAME = "网页"
ADD = "xunjian people add 登录名 --name 姓名 --role operator"


def pages(settings: Settings, ledger: Ledger) -> Iterator[Check]:
    """Who may come in; and whether passwords travel in the open."""
    present = [each for each in ledger.people() if each.ended_at is None]
    operators = [each for each in present if each.role == Role.OPERATOR]
    if not present:
        yield Check(NAME, True, f"尚未开通人员，无人可以登录：{ADD}")
    elif not operators:
        yield Check(NAME, False, f"没有使用中的运维人员，无人可以开通和停用人员：{ADD}")
    else:
        yield Check(NAME, True, f"已开通 {len(present)} 人，其中运维人员 {len(operators)} 人")
    if not _stays_here(settings.web) and not settings.web.trusted_proxies:
        yield Check(
            "网页地址",
            False,
            f"[web] host = {settings.web.host!r} 直接对外提供网页，密码不加密传输："
            "请改为 127.0.0.1，由反向代理提供 TLS（见 deploy/nginx.conf）；"
            "反向代理在另一台机器上的，请填写 [web] trusted_proxies",
        )


def _stays_here(web: WebSection) -> bool:
    try:
        return ip_address(web.host).is_loopback
    except ValueError:
        return web.host == "localhost"
