"""Is the certificate of a site good, and has its name an IPv6 address?

The key of a look is the home page's address: a look at another address says nothing of this one.
A look at a certificate notes `https` (does the home page use it), and if so `host`, `matches`
(does the certificate name the host), `names`, `not_before` and `not_after` (instants), `chain` (a
`Chain`) and `protocol`. A look at a name notes `host`, `named` (no bare number), `v4`, `v6`
(the addresses), `none` (the resolver surely knows no IPv6 address) and `public` (an IPv4 address
that anybody can reach).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from checks.duty_table import Duty
from checks.facts import Observed
from checks.freshness import OUTCOME_WORDS, local_day
from checks.owed import Answer, Case, nothing_seen
from checks.verdicts import DutyState

OLD_PROTOCOLS = ("SSLv3", "TLSv1", "TLSv1.1")
NAMES_SHOWN = 5


class Chain(StrEnum):
    """Does the certificate lead to an issuer that we trust? If not, that may be our own fault."""

    TRUSTED = "trusted"
    SELF_SIGNED = "self_signed"
    UNKNOWN_ISSUER = "unknown_issuer"
    INCOMPLETE = "incomplete"
    OTHER = "other"


CHAIN_WORDS = {
    Chain.SELF_SIGNED: "证书为自签名证书",
    Chain.UNKNOWN_ISSUER: "签发机构不在本机的信任列表中",
    Chain.INCOMPLETE: "服务器没有发送完整的证书链，或签发机构不在本机的信任列表中",
    Chain.OTHER: "证书链未能通过本机校验",
}


def tls_valid(case: Case, duty: Duty) -> Answer:
    """Is the certificate in its time and for this host? (`days_left`: told when it ends soon.)

    Only what the certificate itself proves is a fault. An issuer that we do not know, a chain
    that we could not follow or a connection that we could not make is left to a person.
    """
    look = _last(case, duty)
    if look is None:
        return nothing_seen("网站安全证书")
    if not look.outcome.seen:
        return _unknown(case, f"未能查看安全证书：{_why(look)}")
    facts = look.facts
    if not facts["https"]:
        return _unknown(case, "登记的首页地址未使用HTTPS，没有安全证书可查")
    chain = Chain(facts["chain"])
    if wrong := _proven(facts, look.at):
        more = "" if chain is Chain.TRUSTED else f"；另外，{CHAIN_WORDS[chain]}"
        reason = f"{'；'.join(wrong)}{more}{_protocol(facts)}"
        basis = _basis(facts, look.at)
        return Answer(
            DutyState.UNMET, reason, (_line(case, reason),), evidence=look.evidence, basis=basis
        )
    if chain is not Chain.TRUSTED:
        return _unknown(case, f"{CHAIN_WORDS[chain]}，须人工核实{_protocol(facts)}")
    return _in_time(case, duty, look)


def _proven(facts: Mapping[str, Any], at: datetime) -> list[str]:
    begins, ends = _instant(facts, "not_before"), _instant(facts, "not_after")
    wrong = []
    if at > ends:
        wrong.append(f"证书已于{local_day(ends)}过期")
    if at < begins:
        wrong.append(f"证书自{local_day(begins)}起方才生效")
    if not facts["matches"]:
        names = "、".join(facts["names"][:NAMES_SHOWN]) or "无"
        more = "等" if len(facts["names"]) > NAMES_SHOWN else ""
        wrong.append(f"证书所列域名（{names}{more}）与网站域名{facts['host']}不符")
    return wrong


def _basis(facts: Mapping[str, Any], at: datetime) -> date:
    """The day that names this very certificate, so that another one is a new accusation."""
    ends = _instant(facts, "not_after")
    return local_day(ends if at > ends else _instant(facts, "not_before"))


def _in_time(case: Case, duty: Duty, look: Observed) -> Answer:
    ends = local_day(_instant(look.facts, "not_after"))
    left = (ends - case.as_of).days
    if left < 0:
        return _unknown(case, f"证书的有效期至{ends}，此后尚未再次查看")
    words = f"证书有效，与域名相符，有效期至{ends}"
    if left <= duty.numbers["days_left"]:
        words += f"，临近到期，还剩{left}天，请及时更换"
    words += _protocol(look.facts)
    return Answer(DutyState.MET, words, evidence=look.evidence)


def ipv6_address(case: Case, duty: Duty) -> Answer:
    """Has the site's name an IPv6 address? Points are deducted of portals only.

    A name that we see only inside our own network says nothing of what others see.
    """
    if not case.subject.portal:
        return Answer(DutyState.EXEMPT, "该项为门户网站扣分指标，不适用于本网站")
    look = _last(case, duty)
    if look is None:
        return nothing_seen("网站域名的解析")
    if not look.outcome.seen:
        return _unknown(case, f"未能查看域名解析：{_why(look)}")
    facts = look.facts
    if not facts["named"]:
        return _unknown(case, "登记的首页地址不是域名，没有解析记录可查")
    if facts["v6"]:
        return Answer(DutyState.MET, f"域名{facts['host']}已解析到IPv6地址{facts['v6'][0]}")
    if not facts["none"]:
        return _unknown(case, "本机的域名解析服务不能确定有无IPv6地址")
    if not facts["public"]:
        return _unknown(case, f"域名{facts['host']}在本机解析为内网地址，不能代表公众访问的情况")
    reason = f"域名{facts['host']}只解析到IPv4地址{facts['v4'][0]}，没有IPv6地址（AAAA记录）"
    return Answer(DutyState.UNMET, reason, (_line(case, reason),), basis=None)


def _last(case: Case, duty: Duty) -> Observed | None:
    here = (look for look in case.looks(duty.about, duty) if look.key == case.subject.url)
    return max(here, key=lambda look: look.at, default=None)


def _why(look: Observed) -> str:
    return str(look.facts.get("why") or OUTCOME_WORDS[look.outcome])


def _unknown(case: Case, reason: str) -> Answer:
    return Answer(DutyState.UNKNOWN, reason, doubts=(_line(case, reason),))


def _line(case: Case, reason: str) -> str:
    return f"{case.subject.url or case.subject.name}：{reason}"


def _protocol(facts: Mapping[str, Any]) -> str:
    old = facts["protocol"] in OLD_PROTOCOLS
    return f"；该网站使用的加密协议{facts['protocol']}已过时" if old else ""


def _instant(facts: Mapping[str, Any], name: str) -> datetime:
    return datetime.fromisoformat(facts[name])
