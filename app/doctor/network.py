"""The mail server and the sites, as they answer just now."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from statistics import median

from app.doctor.check import Check
from app.home import Home
from app.settings import Settings, robots_of
from checks.facts import Outcome
from crawler.reach import Reached, Seen, reach
from crawler.settings import CrawlSection
from notify.robots import token_variable
from storage.ledger import Ledger

MOST_SITES = 50
NAMED = 10
MOST_OFF_SECONDS = 120
# Reserved for documentation: nothing is sent there, only the way to it is looked up.
ANYWHERE = ("192.0.2.1", 9)


def mail(home: Home, settings: Settings, *, online: bool) -> Iterator[Check]:
    """Can mail be sent?"""
    held = settings.mail
    if not held.office:
        yield Check("邮件", False, "未设办公室收件人（[mail] office），提醒无人可收")
    elif held.host is None:
        yield Check("邮件", True, f"未设邮件服务器，邮件写入 {home.path('outbox')}")
    elif held.username and home.mail_password is None:
        yield Check("邮件", False, "已设用户名，但环境变量 XUNJIAN_MAIL_PASSWORD 为空")
    elif online:
        yield _login(home, settings)
    else:
        yield Check("邮件", True, f"{held.host}（{held.security}），未试登录")


def _login(home: Home, settings: Settings) -> Check:
    from notify.smtp import NotSentError, try_login

    held = settings.mail
    try:
        try_login(held, home.mail_password)
    except NotSentError as error:
        return Check("邮件", False, f"{held.host}（{held.security}）：{error}")
    return Check("邮件", True, f"{held.host}（{held.security}），登录成功")


def sites(settings: Settings, ledger: Ledger) -> Iterator[Check]:
    """Ask every site once, under all guards: is it open to us, and is our clock right?"""
    rows = ledger.inventory()["site"]
    if not rows:
        return
    homes = {row["id"]: row["home"] for row in rows[:MOST_SITES]}
    met = reach(homes, settings.crawl, settings.probe)
    if met.fault is not None:
        yield Check("网站", False, f"未能查看：{met.fault}")
        return
    names = {row["id"]: row["name"] for row in rows}
    more = f"（登记 {len(rows)} 个，只试了前 {MOST_SITES} 个）" if len(rows) > MOST_SITES else ""
    yield _reached(met, names, more)
    yield from _to_be_allowed(met, names, settings.crawl)
    yield from _clock(met.ahead)


def _reached(met: Reached, names: dict[str, str], more: str) -> Check:
    if met.seen and all(each.ours for each in met.seen):
        return Check("网站", False, "本机网络不通：对照主机均无法连接，未访问任何网站")
    lost = [each for each in met.seen if each.outcome is not Outcome.OK]
    note = f"{len(met.seen) - len(lost)} 个可以打开，{len(lost)} 个不能{more}"
    if lost:
        note += "：" + "；".join(f"{names[each.site]}（{each.note}）" for each in lost[:NAMED])
        note += "等" if len(lost) > NAMED else ""
    return Check("网站", not lost, note)


def _to_be_allowed(met: Reached, names: dict[str, str], crawl: CrawlSection) -> Iterator[Check]:
    """What is to be written to the operators of sites that turn us away?"""
    blocked = [each for each in met.seen if each.outcome is Outcome.BLOCKED]
    forbidden = [each for each in met.seen if each.robots]
    if blocked:
        note = (
            f"{_list(blocked, names)} 的防护系统拦截了访问，请把下面一段发给网站的运维单位："
            f"“我单位使用巡检程序查看贵网站的公开页面，同一主机每次访问间隔不少于"
            f"{crawl.delay_seconds:g}秒，遵守 robots.txt，User-Agent 为“{crawl.user_agent}”，"
            f"{outgoing_address()}。请在防护系统中予以放行。”"
        )
        yield Check("放行", False, note)
    if forbidden:
        note = (
            f"{_list(forbidden, names)} 的 robots.txt 不允许访问，请网站的运维单位在其中加入："
            "“User-agent: xunjian”和“Allow: /”两行"
        )
        yield Check("robots.txt", False, note)


def _list(seen: Sequence[Seen], names: dict[str, str]) -> str:
    told = "、".join(names[each.site] for each in seen[:NAMED])
    return f"{told}等{len(seen)}个网站" if len(seen) > NAMED else told


def outgoing_address() -> str:
    """From which address do we ask? Behind a router this machine cannot know the public one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(ANYWHERE)
        except OSError:
            return "出口地址请向本单位网络管理人员查询后填入"
        address = way.getsockname()[0]
    if ip_address(address).is_global:
        return f"出口地址为 {address}"
    return f"出口地址请向本单位网络管理人员查询后填入（本机内网地址为 {address}）"


def _clock(ahead: Sequence[float]) -> Iterator[Check]:
    """Is our clock that of the sites? Most of them are hardly wrong in the same way."""
    if not ahead:
        return
    off = round(median(ahead))
    good = abs(off) <= MOST_OFF_SECONDS
    if good:
        note = f"与 {len(ahead)} 个网站所报时间相差 {abs(off)} 秒"
    else:
        note = (
            f"本机时钟比 {len(ahead)} 个网站所报时间{'快' if off > 0 else '慢'} {abs(off)} 秒："
            "请核对本机时间并启用时间同步（systemd-timesyncd 或 chrony），日期差一天会影响判定"
        )
    yield Check("时钟", good, note)


def chat(settings: Settings) -> Iterator[Check]:
    """Are the tokens of the group robots there?"""
    robots = robots_of(settings)
    lacking = [token_variable(robot.name) for robot in robots if not robot.token]
    if robots:
        note = "、".join(robot.title for robot in robots)
        note += f"；缺少环境变量：{'、'.join(lacking)}" if lacking else "，密钥均已提供"
        yield Check("群机器人", not lacking, note)
