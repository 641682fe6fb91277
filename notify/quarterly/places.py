"""Sites and accounts in numbers: how many were judged, how many have a confirmed veto."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from checks.subjects import Subject, SubjectKind
from notify.documents.parts import Rate
from notify.quarterly.conclusions import Stand, is_asked
from notify.quarterly.lines import Conclusion, FailedLine, GroupLine, NearLine
from notify.quarterly.model import Material
from notify.terms import PLATFORMS
from notify.weekly.desk import Desk

OWNERS = {"department": "部门", "town": "区镇", "other": "其他单位"}
NO_RATE = Rate(0, 0, 2)


def conclusion(
    label: str,
    material: Material,
    kinds: frozenset[SubjectKind],
    stands: Sequence[Stand],
    earlier: Sequence[Stand],
) -> Conclusion:
    asked = is_asked(material.day, kinds)
    rate = _pass_rate(stands) if asked else NO_RATE
    before = _rate_before(material, kinds, earlier)
    checked = [each for each in stands if each.checked]
    failed = sum(each.failed for each in checked)
    pending = sum(each.pending for each in checked)
    return Conclusion(
        label=label,
        asked=asked,
        total=len(stands),
        checked=len(checked),
        unjudged=len(stands) - len(checked),
        passed=sum(not each.hits for each in checked),
        pending=pending,
        failed=failed,
        rate=rate,
        before=before,
        change=_change(rate, before),
    )


def _rate_before(
    material: Material, kinds: frozenset[SubjectKind], earlier: Sequence[Stand]
) -> Rate | None:
    """The pass rate of the quarter before; None where it was not judged, or nothing was."""
    if material.before is None or not is_asked(material.before, kinds):
        return None
    rate = _pass_rate([each for each in earlier if each.subject.kind in kinds])
    return rate if rate.whole else None


def _pass_rate(stands: Iterable[Stand]) -> Rate:
    """Of those judged the share without a confirmed veto."""
    checked = [each for each in stands if each.checked]
    return Rate(sum(not each.failed for each in checked), len(checked), 2)


def _change(rate: Rate, before: Rate | None) -> Decimal | None:
    if before is None or not rate.whole:
        return None
    return Decimal(rate.percent(2)[:-1]) - Decimal(before.percent(2)[:-1])


def failed_lines(desk: Desk, stands: Iterable[Stand]) -> tuple[FailedLine, ...]:
    return tuple(
        FailedLine(
            name=desk.name(each.subject),
            unit=desk.unit(each.subject.unit),
            platform=_platform(each.subject),
            code=each.subject.code,
            reason="；".join(hit.words for hit in each.hits if hit.confirmed),
        )
        for each in stands
        if each.failed
    )


def near_lines(desk: Desk, stands: Iterable[Stand]) -> tuple[NearLine, ...]:
    return tuple(
        NearLine(
            desk.name(each.subject), near.words, near.count, near.limit, near.limit - near.count
        )
        for each in stands
        if not each.failed
        for near in each.near
    )


def groups_of(
    desk: Desk, stands: Sequence[Stand], *, asked: bool
) -> tuple[tuple[GroupLine, ...], tuple[GroupLine, ...]]:
    """The accounts by platform, and by kind of owner; without a veto in force there is no rate."""
    kinds = {str(row["id"]): str(row.get("kind")) for row in desk.material.register["unit"]}
    by_platform = _groups(stands, _platform, PLATFORMS.values(), asked=asked)
    owner = OWNERS["other"]
    by_owner = _groups(
        stands,
        lambda subject: OWNERS.get(kinds.get(subject.unit, ""), owner),
        OWNERS.values(),
        asked=asked,
    )
    return by_platform, by_owner


def _groups(
    stands: Sequence[Stand],
    label_of: Callable[[Subject], str],
    order: Iterable[str],
    *,
    asked: bool,
) -> tuple[GroupLine, ...]:
    """In the usual order; a label without accounts is left out."""
    by_label: dict[str, list[Stand]] = {label: [] for label in order}
    for each in stands:
        by_label[label_of(each.subject)].append(each)
    return tuple(
        GroupLine(
            label=label,
            total=len(own),
            checked=sum(each.checked for each in own),
            failed=sum(each.failed for each in own),
            passed=_pass_rate(own) if asked else NO_RATE,
        )
        for label, own in by_label.items()
        if own
    )


def _platform(subject: Subject) -> str:
    return PLATFORMS.get(subject.platform or "", PLATFORMS["other"])
