"""Which findings does an item take, and what does each column, letter or account cost?

A finding costs once: the first item, in the scheme's order, that takes it. Items that set the
score and events of the lifecycle stand beside and take it as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from checks.assessment_case import Case, Scored
from checks.assessment_sheet import REASONS, Part
from checks.rules import OPERATOR_PACK
from checks.scheme_table import Item, Scheme, Select, Step

KINDS = {"column": "column", "column_period": "column", "account": "account"}
SUNDAY = 6
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Taken:
    """Which findings each item takes, by the item's id, and the rest by reason."""

    by_item: Mapping[str, tuple[Scored, ...]]
    left_out: Mapping[str, tuple[int, ...]]


def take(scheme: Scheme, case: Case, skipped: Collection[str]) -> Taken:
    """To which items does each finding go? `skipped` are ids of sections not applicable.

    A finding whose first item lies in such a section costs nowhere else either.
    """
    items = [item for item in scheme.items if item.select or item.event]
    by_item: dict[str, list[Scored]] = defaultdict(list)
    left_out: dict[str, list[int]] = defaultdict(list)
    for finding in case.findings:
        places, reason = _places(items, finding, case, skipped)
        for item in places:
            by_item[item.id].append(finding)
        if reason:
            left_out[reason].append(finding.id)
    return Taken(
        {id_: tuple(findings) for id_, findings in by_item.items()},
        {reason: tuple(left_out[reason]) for reason in REASONS if reason in left_out},
    )


def _places(
    items: Sequence[Item], finding: Scored, case: Case, skipped: Collection[str]
) -> tuple[list[Item], str | None]:
    """The items that take the finding; or none of them, and why."""
    if OPERATOR_PACK in (finding.pack, finding.severity):
        return [], "operator"
    refused = {item.id: _refusal(item, finding, case) for item in items}
    takers = [item for item in items if refused[item.id] is None]
    first = next((item for item in takers if _adds(item)), None)
    takers = [item for item in takers if item is first or not _adds(item)]
    places = [item for item in takers if item.section not in skipped]
    if not takers:
        reasons = {"no_item", *refused.values()}
        return [], next(each for each in ("no_days", "outside", "no_item") if each in reasons)
    reason = _barred(finding) if places else "not_applicable"
    return ([], reason) if reason else (places, None)


def _adds(item: Item) -> bool:
    return item.set_to is None and item.event is None


def _barred(finding: Scored) -> str | None:
    """Why must this finding not be scored at all?"""
    if finding.dismissed:
        return "dismissed"
    if not finding.confirmed:
        return "unconfirmed"
    if finding.waived:
        return "waived"
    if finding.appealed:
        return "appealed"
    return "provisional" if finding.provisional else None


def _refusal(item: Item, finding: Scored, case: Case) -> str | None:
    """Why does this item not take the finding? None: it does."""
    if item.select and not _fits(item.select, finding):
        return "no_item"
    if item.event:
        if not finding.urged_on:
            return "no_item"
        return None if _urged(finding, case) else "outside"
    if finding.kind != KINDS.get(item.per, finding.kind):
        return "no_item"
    if item.per == "letter" and not finding.letter:
        return "no_item"
    if not _belongs(item, finding, case):
        return "outside"
    return "no_days" if item.steps and _step(item, finding) is None else None


def _fits(select: Select, finding: Scored) -> bool:
    asked = (
        (select.pack, finding.pack),
        (select.rule, finding.rule),
        (select.severity, finding.severity),
        (select.kind, finding.kind),
        (select.column_class, finding.column_class),
    )
    return all(value in wanted for wanted, value in asked if wanted)


def _belongs(item: Item, finding: Scored, case: Case) -> bool:
    if finding.opened_on > case.as_of:
        return False
    if not item.running:
        return finding.opened_on in case.period
    return bool(_days(item, finding, case))


def _days(item: Item, finding: Scored, case: Case) -> set[date]:
    """On which days of the period did it stand? By the week: on which Sundays, as weeks end."""
    days = finding.stood(case.as_of).common(case.period)
    if days is None:
        return set()
    each = {days.first + timedelta(n) for n in range(days.count)}
    return {day for day in each if day.weekday() == SUNDAY} if item.per == "week" else each


def _urged(finding: Scored, case: Case) -> list[date]:
    return sorted(day for day in finding.urged_on if day in case.period and day <= case.as_of)


def _step(item: Item, finding: Scored) -> Step | None:
    days = finding.days_over
    if days is None:
        return None
    within = (s for s in item.steps if s.first <= days and (s.last is None or days <= s.last))
    return next(within, None)


def parts_of(item: Item, findings: Sequence[Scored], case: Case) -> tuple[Part, ...]:
    """What each column, letter, account or event costs under this item.

    Of several findings of one of them the dearest counts.
    """
    if item.event:
        price = item.points or Decimal(0)
        return tuple(
            Part(f"{finding.subject} {day}", "", 1, price, findings=(finding.id,))
            for finding in findings
            for day in _urged(finding, case)
        )
    groups: dict[tuple[str, str], list[Scored]] = defaultdict(list)
    for finding in findings:
        groups[_one(item, finding)].append(finding)
    return tuple(_part(item, groups[one], case) for one in sorted(groups))


def _one(item: Item, finding: Scored) -> tuple[str, str]:
    """What is counted once: the subject, the subject under one rule, the letter, the finding."""
    within = {
        # Two packs may have the same rule: it is one fault all the same.
        "column": finding.rule,
        "letter": finding.letter,
        "finding": f"{finding.id:020d}",
    }
    return finding.subject, within.get(item.per, "")


def _part(item: Item, findings: Sequence[Scored], case: Case) -> Part:
    label, price, factor = min(
        (_price(item, finding) for finding in findings), key=lambda p: (p[1] * p[2], p)
    )
    quantity = 1
    if item.per in ("day", "week"):
        quantity = len(set().union(*(_days(item, finding, case) for finding in findings)))
    ids = tuple(finding.id for finding in findings)
    of = " ".join(filter(None, (findings[0].subject, findings[0].letter)))
    return Part(of, label, quantity, price, factor, findings=ids)


def _price(item: Item, finding: Scored) -> tuple[str, Decimal, Decimal]:
    """The label, the price, and the factor of the grace."""
    step = _step(item, finding)
    price = step.points if step else item.points or Decimal(0)
    graced = item.grace is not None and finding.fixed_in_time
    factor = item.grace if graced and item.grace is not None else ONE
    return step.words if step else "", price, factor
