"""What a site's domain owes: .gov.cn, no bare address, one name. An inner address tells nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from ipaddress import ip_address

from checks.duties import Answer, DutyJudgement, DutyState, is_allowed
from checks.duty_table import Duty


def judge_hosts(hosts: Sequence[str], duties: Sequence[Duty]) -> tuple[DutyJudgement, ...]:
    """Which duties about its domain does a site meet that serves its home page at these hosts?

    Hosts without port. A private address says nothing about what the public is given.
    """
    answers: dict[str, Callable[[Sequence[str], Duty], Answer]] = {
        "gov_cn": _ends_well,
        "no_ip": _is_named,
        "one_domain": _is_one,
    }
    plain = list(dict.fromkeys(host.lower().rstrip(".") for host in hosts if host))
    judged = []
    for duty in (duty for duty in duties if duty.about == "domain"):
        state, reason, text = answers[duty.name](plain, duty) if plain else _NO_HOST
        judged.append(DutyJudgement(duty, "、".join(plain), state, reason, text))
    return tuple(judged)


_NO_HOST: Answer = (DutyState.UNKNOWN, "没有登记域名", None)


def _ends_well(hosts: Sequence[str], duty: Duty) -> Answer:
    if all(_is_inner(host) for host in hosts):
        return DutyState.UNKNOWN, "只知道内部地址，不能说明对外域名", None
    wrong = [h for h in hosts if not _is_inner(h) and not is_allowed(h, duty.allowed)]
    if wrong:
        return DutyState.UNMET, "域名不以 .gov.cn 结尾", "、".join(wrong)
    return DutyState.MET, "域名以 .gov.cn 结尾", "、".join(hosts)


def _is_named(hosts: Sequence[str], _: Duty) -> Answer:
    if all(_is_inner(host) for host in hosts):
        return DutyState.UNKNOWN, "只知道内部地址，不能说明对外域名", None
    bare = [host for host in hosts if not _is_inner(host) and _address(host)]
    if bare:
        return DutyState.UNMET, "直接以IP地址提供服务", "、".join(bare)
    return DutyState.MET, "以域名提供服务", None


def _is_one(hosts: Sequence[str], duty: Duty) -> Answer:
    """One English and one Chinese name at most; `www.` in front makes no other name."""
    named = dict.fromkeys(
        h.removeprefix("www.") for h in hosts if not (_address(h) or _is_inner(h))
    )
    english = [host for host in named if not is_allowed(host, duty.allowed)]
    if len(english) > 1 or len(named) - len(english) > 1:
        return DutyState.UNMET, "同一网站使用了多个域名", "、".join(named)
    if not named:
        return DutyState.UNKNOWN, "不知道对外域名", None
    return DutyState.MET, "只使用一个域名", "、".join(named)


def _address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_inner(host: str) -> bool:
    """Is this an address or name that the public cannot reach?"""
    if _address(host):
        return not ip_address(host).is_global
    return "." not in host
