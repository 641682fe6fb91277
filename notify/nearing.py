"""Which veto came nearer, was reached, or went away since the office was last told?

What the office was told is remembered by keys of the form `veto:SUBJECT:PACK/ID:AMOUNT/BOUND:DAY`.
A standing is told again only when its amount differs from the one told last, so that after days
without a run a change is still told, and once.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import replace

from checks.sites import Standing
from checks.standing_words import in_words, noun_of, share_of
from checks.watch import Place
from notify.news import OFFICE, Line, News, Topic
from notify.terms import kind_word, sure_clause
from notify.words import web_link

PREFIX = "veto:"
CLEAR, NEAR, REACHED = 0, 1, 2
NAMED = 5


def veto_lines(news: News) -> list[Line]:
    """One line for the office for each veto whose amount changed and is, or was, near."""
    told = _last_amounts(news.told)
    return [
        _line(news, place, one, amount, told.get(_fact(place, one)))
        for place in news.places
        for one in place.vetoes
        if (amount := _amount(one)) is not None
        and _is_news(one, amount, told.get(_fact(place, one), 0))
    ]


def may_be_told(places: Iterable[Place], told: Iterable[str]) -> list[Place]:
    """The places with those vetoes alone that are near, or that the office was told of before."""
    facts = _last_amounts(told).keys()
    return [
        replace(place, vetoes=vetoes, deductions=(), score=None)
        for place in places
        if (vetoes := tuple(one for one in place.vetoes if _may_be_told(place, one, facts)))
    ]


def _may_be_told(place: Place, one: Standing, told: Container[str]) -> bool:
    amount = _amount(one)
    return amount is not None and (_is_near(one, amount) or _fact(place, one) in told)


def _fact(place: Place, one: Standing) -> str:
    return f"{PREFIX}{place.subject.key}:{one.indicator.pack}/{one.indicator.id}"


def _last_amounts(told: Iterable[str]) -> Mapping[str, int]:
    """The amount told last of each fact; `told` is in the order of telling."""
    last: dict[str, int] = {}
    for key in told:
        fact, amount, _ = key.rsplit(":", 2)
        last[fact] = int(amount.partition("/")[0])
    return last


def _is_counted(one: Standing) -> bool:
    return one.indicator.limit is not None and one.said is None


def _bound(one: Standing) -> int:
    """From which amount on is it reached? What is not counted is clear, near or reached."""
    return one.indicator.limit or REACHED


def _amount(one: Standing) -> int | None:
    """The number of faults, or how grave it is where none are counted; None where not known."""
    if _is_counted(one):
        return one.count if one.watched else None
    if one.hit is None:
        return None
    if one.hit:
        return _bound(one)
    warn, measure = one.indicator.warn, one.measure
    near = warn is not None and measure is not None and share_of(measure) >= warn
    return NEAR if near and one.said is None else CLEAR


def _is_near(one: Standing, amount: int) -> bool:
    if one.indicator.limit is None:
        return amount >= NEAR
    return amount >= (one.indicator.warn or one.indicator.limit)


def _is_news(one: Standing, amount: int, last: int) -> bool:
    # What is no longer seen may still be there: that is no recovery.
    unsure = amount < last <= amount + len(one.not_known)
    return amount != last and not unsure and (_is_near(one, amount) or _is_near(one, last))


def _line(news: News, place: Place, one: Standing, amount: int, last: int | None) -> Line:
    subject, row = place.subject, one.indicator
    reached, near = amount >= _bound(one), _is_near(one, amount)
    return Line(
        key=f"{_fact(place, one)}:{amount}/{_bound(one)}:{news.as_of}",
        topic=Topic.VETO,
        audiences=frozenset({OFFICE}),
        thing=_fact(place, one),
        what=kind_word(subject.key, subject),
        name=subject.name,
        headline=_headline(one, amount, last, near=near, reached=reached),
        reason=f"{row.headline}：{in_words(one)}{_names(one)}",
        clause=sure_clause(row),
        remedy=row.remedy if near else "",
        link=web_link(subject.url),
        unit=news.unit_name(subject.unit),
        severity=0 if reached else 1 if near else 2,
        confirmed=not near or one.said is not None,
    )


def _headline(one: Standing, amount: int, last: int | None, *, near: bool, reached: bool) -> str:
    row = one.indicator
    name, noun = f"“{row.name}”单项否决", noun_of(row)
    if not _is_counted(one) or row.limit == 1:
        if reached or near:
            return f"{'已达到' if reached else '接近'}{name}"
        return f"已不再接近{name}" if last == NEAR < _bound(one) else f"{name}情形已消除"
    before = f"（上次告知时{last}个）" if last is not None else ""
    if reached:
        return f"已达到{name}的{row.limit}个{noun}，现有{amount}个{before}"
    if near:
        return f"距{name}还差{one.distance}个{noun}{before}"
    return f"{name}情形已缓解，现有{amount}个{noun}{before}"


def _names(one: Standing) -> str:
    names = [subject.name for subject in one.counted if subject.kind != "site"]
    if not names or one.indicator.subject == "account":
        return ""
    more = f"等{len(names)}个" if len(names) > NAMED else ""
    return f"；涉及：{'、'.join(names[:NAMED])}{more}"
