"""The sites of a judged day: can they be opened, do their links lead anywhere, is a veto near?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.day import Day
from app.probing import availability_rules
from app.scores import VETO_HEADS, veto_row
from app.web.availability import Standing, share_of_week, standing
from app.words import days_words
from checks.dead_links import doubt
from checks.facts import Observed
from checks.freshness import local_day
from checks.link_words import FIXES, MET, PLACES
from checks.links import LOOKED, Trouble
from checks.owed import DutyRow
from checks.probes import AvailabilityRule
from checks.sites import Standing as VetoStanding
from checks.subjects import Subject
from checks.transport import CHAIN_WORDS, NAMES_SHOWN, Chain
from checks.verdicts import Judgement
from checks.watch import Place
from notify.documents.parts import Rate
from notify.weekly.veto import CLEAR, LISTED, nearness, sort_of
from notify.words import clean

TLS = "tls"


@dataclass(frozen=True, slots=True)
class Veto:
    """How near one site is to a veto, in one line; `hit` None: it cannot be ruled out."""

    hit: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class SiteLine:
    """One site. `open` and `share` are None where no rule in force asks whether it opens."""

    subject: Subject
    unit: str
    row: Judgement
    days: str
    open: Standing | None
    share: Rate | None
    links: DutyRow | None
    vetoes: Sequence[Veto]

    @property
    def probed(self) -> bool:
        """Was it visited on any of the days shown, or was that tried?"""
        days = self.open.days if self.open is not None else ()
        return any(each.strip.samples or each.strip.ours for each in days)


@dataclass(frozen=True, slots=True)
class LinkLine:
    """One link that was not good at the last look. `counts`: it is held against the site."""

    page: str
    pages: int
    text: str
    url: str
    place: str
    met: str
    at: datetime
    counts: bool
    word: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """What the last look at the certificate of a site's home page showed, in words by head."""

    at: datetime
    words: str
    told: dict[str, str]


def rule_of(day: Day) -> AvailabilityRule | None:
    """By which numbers is it judged whether sites open? None: no rule in force asks."""
    return next(iter(availability_rules(day.law, day.bench.moment.as_of)), None)


def site_lines(
    day: Day, rows: Sequence[Judgement], places: Sequence[Place], present: datetime
) -> list[SiteLine]:
    """These sites as lines, with a strip of the days that the rule judges by."""
    rule = rule_of(day)
    links = {row.subject.id: row for row in day.bench.duties if row.duty.about == LOOKED}
    return [_line(day, row, places, rule, present, links.get(row.subject.id)) for row in rows]


def _line(
    day: Day,
    row: Judgement,
    places: Sequence[Place],
    rule: AvailabilityRule | None,
    present: datetime,
    links: DutyRow | None,
) -> SiteLine:
    site = row.subject
    probes = day.facts.probes.get(site.id, ())
    found = standing(site.id, probes, rule, present, rule.days) if rule else None
    return SiteLine(
        subject=site,
        unit=day.unit_names.get(site.unit, site.unit),
        row=row,
        days=days_words(row),
        open=found,
        share=share_of_week(found, rule) if found and rule else None,
        links=links,
        vetoes=[veto_of(place) for place in places if place.subject.key == site.key],
    )


def vetoed_first(rows: Sequence[Judgement], places: Iterable[Place]) -> list[Judgement]:
    """Sites with a veto before the others, each in the order given."""
    vetoed = {place.subject.key for place in places if place.vetoed}
    return sorted(rows, key=lambda row: row.subject.key not in vetoed)


def duty_of(day: Day, site: Subject, about: str) -> DutyRow | None:
    """How does the site's duty of this sort stand? None: no pack in force has it."""
    mine = (row for row in day.bench.duties if row.subject.key == site.key)
    return next((row for row in mine if row.duty.about == about), None)


def veto_of(place: Place) -> Veto:
    """What is hit, else what is nearest, else that nothing was found."""
    hit = [one for one in place.vetoes if one.hit]
    if hit:
        sure = "" if place.vetoed else "，须人工确认"
        return Veto(place.vetoed, f"已达到{len(hit)}项：{'、'.join(map(_name, hit))}{sure}")
    near = sorted((one for one in place.vetoes if sort_of(one) == LISTED), key=nearness)
    open_ = sum(sort_of(one) not in (LISTED, CLEAR) for one in place.vetoes)
    rest = f"；{open_}项未能判定或须人工核查" if open_ else ""
    if near:
        row = veto_row(place, near[0])
        told = f"{_name(near[0])}，现有{row['count']}，限值{row['limit']}"
        return Veto(place.vetoed, f"未达到；最近的是{told}{rest}")
    return Veto(place.vetoed, f"未发现问题{rest}")


def veto_table(places: Iterable[Place]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """All vetoes of a site under every pack that counts, as `xunjian scores --site` has them."""
    heads = {field: head for field, head in VETO_HEADS.items() if field != "place"}
    stood = [(place, one) for place in places for one in place.vetoes]
    stood.sort(key=lambda pair: nearness(pair[1]))
    return heads, [veto_row(place, one) for place, one in stood]


def link_lines(day: Day, site: Subject) -> list[LinkLine]:
    """The links of a site that were not good at the last look: those held against it first."""
    row, links = duty_of(day, site, LOOKED), day.facts.links.get(site.id)
    if row is None or links is None:
        return []
    told = [_link(day, each, row) for each in links.troubles]
    return sorted(told, key=lambda each: (not each.counts, each.page, each.url))


def _link(day: Day, trouble: Trouble, row: DutyRow) -> LinkLine:
    link, last = trouble.link, trouble.looks[0]
    suspect = any(look.state.suspect for look in trouble.looks)
    links = day.facts.links[row.subject.id]
    why = doubt(trouble, links, row.duty, day.bench.moment.as_of) if suspect else "不计入问题"
    return LinkLine(
        page=trouble.page,
        pages=trouble.pages,
        text=clean(link.text) or "（无文字）",
        url=link.url,
        place=PLACES[trouble.inside, link.kind],
        met=clean(last.note) or MET[last.state],
        at=last.at,
        counts=not why,
        word=why or FIXES[trouble.inside, link.kind, last.state],
    )


def certificate_of(day: Day, site: Subject) -> Certificate | None:
    """What is known of the certificate of the site's home page? None: it was not looked at."""
    row = duty_of(day, site, TLS)
    mine = day.facts.observed.get(site.key, ())
    looks = [each for each in mine if each.family == TLS and each.key == site.url]
    last = max(looks, key=lambda each: each.at, default=None)
    if last is None:
        return None
    words = row.answer.reason if row is not None else ""
    return Certificate(last.at, words, dict(_told(last)))


def _told(look: Observed) -> Iterator[tuple[str, str]]:
    facts = look.facts
    if not look.outcome.seen or not facts.get("https"):
        return
    begins, ends = (datetime.fromisoformat(facts[name]) for name in ("not_before", "not_after"))
    names = facts["names"]
    more = f"等{len(names)}个" if len(names) > NAMES_SHOWN else ""
    yield "网站域名", clean(facts["host"])
    yield "证书所列域名", clean("、".join(names[:NAMES_SHOWN])) + more
    yield "有效期", f"{local_day(begins)} 至 {local_day(ends)}"
    yield "证书链", CHAIN_WORDS.get(Chain(facts["chain"]), "已通过校验")
    yield "加密协议", clean(facts["protocol"] or "")


def _name(one: VetoStanding) -> str:
    return f"{one.indicator.name}（{one.indicator.id}）"
