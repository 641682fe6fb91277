"""Certificates and IPv6 addresses: what is a fault, what is told, and what nobody can say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from checks.facts import Observed, Outcome
from checks.owed import Answer, Case, nothing_seen
from checks.rules import pack_texts, read_pack
from checks.subjects import Subject
from checks.transport import Chain, ipv6_address, tls_valid
from checks.verdicts import DutyState
from tests.checks.make import UNSEEN_OUTCOMES, at, day, site

DUTIES = {duty.id: duty for duty in read_pack(pack_texts(["cn-2019"])["cn-2019"], "x").duties}
SITE = site(url="https://www.shili.gov.cn/", portal=True)
LOOKED = at("11-22", 9)
MET, UNMET, UNKNOWN = DutyState.MET, DutyState.UNMET, DutyState.UNKNOWN


def certificate(**how: Any) -> dict[str, Any]:
    return {
        "https": True,
        "host": "www.shili.gov.cn",
        "matches": True,
        "names": ["www.shili.gov.cn"],
        "not_before": "2026-01-01T00:00:00+00:00",
        "not_after": "2027-01-01T00:00:00+00:00",
        "chain": Chain.TRUSTED,
        "protocol": "TLSv1.3",
        **how,
    }


def tls(facts: dict[str, Any], as_of: str = "11-22", outcome: Outcome = Outcome.OK) -> Answer:
    look = Observed(SITE.key, "tls", str(SITE.url), LOOKED, outcome, facts, "evidence/1.warc.gz#1")
    return tls_valid(Case(SITE, day(as_of), (look,)), DUTIES["tls_valid"])


def ends(moment: datetime) -> dict[str, Any]:
    return certificate(not_after=moment.astimezone(UTC).isoformat())


def test_a_certificate_is_good_up_to_its_last_second() -> None:
    assert tls(ends(LOOKED)).state is MET
    told = tls(ends(LOOKED - timedelta(seconds=1)))
    assert (told.state, told.reason) == (UNMET, "证书已于2026-11-22过期")
    assert (told.basis, told.evidence) == (day("11-22"), "evidence/1.warc.gz#1")


@pytest.mark.parametrize(("last", "warned"), [("12-05", True), ("12-06", True), ("12-07", False)])
def test_a_certificate_that_ends_within_fourteen_days_is_told_and_no_fault(
    last: str, warned: bool
) -> None:
    told = tls(ends(at(last, 12)))
    assert told.state is MET
    assert ("临近到期" in told.reason) is warned
    assert told.faults == ()


def test_a_certificate_that_ended_after_the_look_is_not_known() -> None:
    facts = ends(at("11-22", 23))
    assert tls(facts, "11-22").state is MET
    assert tls(facts, "11-23").state is UNKNOWN


def test_a_look_older_than_three_days_says_nothing() -> None:
    assert tls(certificate(), "11-25").state is MET
    assert tls(certificate(), "11-26").state is UNKNOWN


def test_a_certificate_not_yet_in_force_is_at_fault() -> None:
    told = tls(certificate(not_before=(LOOKED + timedelta(days=2)).isoformat()))
    assert (told.state, told.reason) == (UNMET, "证书自2026-11-24起方才生效")


@pytest.mark.parametrize("chain", [chain for chain in Chain if chain is not Chain.TRUSTED])
def test_an_issuer_that_we_do_not_know_is_left_to_a_person(chain: Chain) -> None:
    told = tls(certificate(chain=chain))
    assert (told.state, told.faults, len(told.doubts)) == (UNKNOWN, (), 1)
    assert "须人工核实" in told.reason


def test_a_site_without_https_has_no_certificate_to_judge() -> None:
    told = tls({"https": False})
    assert (told.state, told.reason) == (
        UNKNOWN,
        "登记的首页地址未使用HTTPS，没有安全证书可查",
    )


@pytest.mark.parametrize("outcome", UNSEEN_OUTCOMES)
def test_what_was_not_seen_accuses_nobody(outcome: Outcome) -> None:
    assert tls({"why": "连接或读取超时"}, outcome=outcome).state is UNKNOWN
    assert ipv6({"why": "域名解析失败"}, outcome=outcome).state is UNKNOWN


# IPv6


def name(**how: Any) -> dict[str, Any]:
    return {
        "host": "www.shili.gov.cn",
        "named": True,
        "v4": ["203.0.113.7"],
        "v6": [],
        "none": True,
        "public": True,
        **how,
    }


def ipv6(facts: dict[str, Any], outcome: Outcome = Outcome.OK, subject: Subject = SITE) -> Answer:
    look = Observed(subject.key, "ipv6", str(subject.url), LOOKED, outcome, facts)
    return ipv6_address(Case(subject, day("11-22"), (look,)), DUTIES["ipv6_address"])


def test_a_name_with_an_ipv6_address_is_in_order() -> None:
    assert ipv6(name(v6=["2001:db8::7"], none=False)).state is MET


def test_a_name_that_leads_to_ipv4_alone_is_at_fault() -> None:
    told = ipv6(name())
    assert told.state is UNMET
    assert told.faults == (
        "https://www.shili.gov.cn/：域名www.shili.gov.cn只解析到IPv4地址203.0.113.7，"
        "没有IPv6地址（AAAA记录）",
    )


@pytest.mark.parametrize(
    "facts",
    [
        name(none=False),
        name(public=False, v4=["10.1.2.3"]),
        {"host": "203.0.113.7", "named": False},
    ],
)
def test_what_our_resolver_cannot_say_accuses_nobody(facts: dict[str, Any]) -> None:
    assert ipv6(facts).state is UNKNOWN


def test_points_for_ipv6_are_deducted_of_portals_only() -> None:
    assert ipv6(name(), subject=site(portal=False)).state is DutyState.EXEMPT


def test_a_look_at_a_former_address_says_nothing_of_the_new_one() -> None:
    former = "https://old.shili.gov.cn/"
    looks = (
        Observed(SITE.key, "tls", former, LOOKED, Outcome.OK, certificate(matches=False)),
        Observed(SITE.key, "ipv6", former, LOOKED, Outcome.OK, name()),
    )
    case = Case(SITE, day("11-22"), looks)
    assert tls_valid(case, DUTIES["tls_valid"]) == nothing_seen("网站安全证书")
    assert ipv6_address(case, DUTIES["ipv6_address"]) == nothing_seen("网站域名的解析")
    before = Case(replace(SITE, url=former), day("11-22"), looks)
    assert tls_valid(before, DUTIES["tls_valid"]).state is UNMET
    assert ipv6_address(before, DUTIES["ipv6_address"]).state is UNMET


def test_a_site_that_was_never_looked_at_is_not_known() -> None:
    case = Case(SITE, day("11-22"))
    assert tls_valid(case, DUTIES["tls_valid"]).state is UNKNOWN
    assert ipv6_address(case, DUTIES["ipv6_address"]).state is UNKNOWN
