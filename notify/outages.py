"""What is told at once when a site goes down, or is back, and when our own network is down.

These are facts of one hour, not findings: they go to the office and the operator, never to a
unit. Whether a site fails the indicator is judged by the week, elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from checks.facts import Outcome
from checks.freshness import SHANGHAI
from checks.outages import Change, alerts
from checks.probes import Access, AvailabilityRule, Probe, in_order
from checks.subjects import Subject, SubjectKind
from notify.news import OFFICE, OPERATOR, Line, Topic
from notify.words import KIND_WORDS, web_link

# Older changes are no news. The probes given must reach back well beyond it, so that the state
# before it does not depend on where they begin.
NEWS = timedelta(days=3)
DOWN_REMEDY = (
    "请先从其他网络打开首页核实：确实打不开的，请通知网站运维单位；仅巡检打不开的，"
    "请商网站主管方将巡检服务器的出口地址列入访问白名单。"
)
OWN_REMEDY = "请检查巡检服务器的网络、域名解析和防火墙；恢复后无需另行操作。"


def outage_lines(
    rule: AvailabilityRule,
    probes: Mapping[str, Sequence[Probe]],
    sites: Iterable[Subject],
    present: datetime,
) -> list[Line]:
    """Which changes of the last days are there to tell? `probes` are keyed by site id.

    The same change has the same key however often it is asked for.
    """
    made = [
        _site_line(site, change, probes[site.id], rule)
        for site in sites
        if site.kind is SubjectKind.SITE and site.id in probes
        for change in alerts(site.id, probes[site.id], rule, present).changes
        if present - change.at <= NEWS
    ]
    begun = own_outage(probe for held in probes.values() for probe in held)
    if begun is not None and present - begun <= NEWS:
        made.append(_own_line(begun))
    return sorted(made, key=lambda line: line.order)


def own_outage(probes: Iterable[Probe]) -> datetime | None:
    """Since when is our own network down without a break? None: it is up."""
    begun = None
    for probe in sorted(probes, key=lambda probe: (probe.at, probe.site)):
        begun = (begun or probe.at) if probe.ours else None
    return begun


def _site_line(
    site: Subject, change: Change, probes: Sequence[Probe], rule: AvailabilityRule
) -> Line:
    down = change.access is Access.FAILED
    return Line(
        key=f"outage:{site.id}:{_instant(change.at)}:{change.access}",
        topic=Topic.SITE_DOWN if down else Topic.SITE_BACK,
        audiences=frozenset({OFFICE, OPERATOR}),
        thing=site.key,
        what=KIND_WORDS[site.kind],
        name=site.name,
        headline="网站首页无法打开" if down else "网站首页已恢复正常打开",
        reason=_reason(change, probes, rule),
        remedy=DOWN_REMEDY if down else "",
        link=web_link(site.url),
    )


def _reason(change: Change, probes: Sequence[Probe], rule: AvailabilityRule) -> str:
    number = rule.down_after if change.access is Access.FAILED else rule.up_after
    row = [p for p in in_order(probes, rule) if not p.ours and p.at <= change.at][-number:]
    span = _clock(row[-1].at) if number == 1 else f"{_clock(row[0].at)}至{_clock(row[-1].at)}"
    if change.access is Access.REACHED:
        return f"{span}连续{number}次正常打开"
    return (
        f"{span}连续{number}次未能及时打开（最近一次：{_how(row[-1], rule)}）。"
        "本提醒只说明巡检当时所见，是否达到指标限度按一周的访问情况另行判定"
    )


def _how(probe: Probe, rule: AvailabilityRule) -> str:
    if probe.outcome is Outcome.UNREACHABLE:
        return "无法连接、超时或服务器报错"
    tenths = (probe.elapsed_ms or 0) // 100
    return f"用时{tenths // 10}.{tenths % 10}秒，达到{rule.slow_ms / 1000:g}秒"


def _own_line(begun: datetime) -> Line:
    return Line(
        key=f"own_network:{_instant(begun)}",
        topic=Topic.OWN_NETWORK,
        audiences=frozenset({OPERATOR}),
        thing="own_network",
        what="巡检",
        name="本机网络",
        headline="设置的对照主机均无法连接，暂停认定网站能否打开",
        reason=f"自{_clock(begun)}起；其间的探测不计入任何网站",
        remedy=OWN_REMEDY,
    )


def _clock(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
