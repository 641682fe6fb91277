"""How well could be looked, and what a person must weigh: unreachable sites, flags on dates."""

from __future__ import annotations

from checks.fakes import FlagKind
from checks.freshness import local_day
from checks.lifecycle import EventKind, Finding
from checks.subjects import SubjectKind
from notify.documents.parts import Rate
from notify.weekly.desk import Desk
from notify.weekly.lines import FlagLine, ReachLine

FLAGS = {
    FlagKind.BACK_DATED: "疑似倒填日期",
    FlagKind.BURST: "疑似突击补录",
    FlagKind.REPOST: "旧稿重发",
}
RAISED = (EventKind.DETECTED, EventKind.REOPENED)


def reach_lines(desk: Desk) -> tuple[ReachLine, ...]:
    """How often could each site not be opened in the last seven days? Of packs that ask, once."""
    found: dict[str, ReachLine] = {}
    for place in desk.material.places:
        shares = [one for one in place.vetoes if one.indicator.counts == "share"]
        if place.subject.kind is SubjectKind.SITE and shares:
            measure = shares[0].measure
            rate = Rate(measure.part, measure.whole) if measure and measure.whole else None
            line = ReachLine(desk.name(place.subject), rate, measure.unclear if measure else 0)
            found.setdefault(place.subject.key, line)
    return tuple(found.values())


def flag_lines(desk: Desk) -> tuple[FlagLine, ...]:
    """Which flags on dates and texts were raised in the week, and which stand?

    A flag accuses nobody: a person weighs each.
    """
    owed = desk.material.law.duties_in_force(desk.as_of)
    lines = []
    for kind, words in FLAGS.items():
        named = {(duty.pack, duty.id) for duty in owed if duty.about == kind}
        found = [f for f in desk.material.findings if (f.key.pack, f.key.rule) in named]
        raised = sum(_raised(desk, finding) for finding in found)
        standing = sum(finding.state.is_open for finding in found)
        lines.append(FlagLine(words, bool(named), raised, standing))
    return tuple(lines)


def _raised(desk: Desk, finding: Finding) -> bool:
    period = desk.material.period
    return any(e.kind in RAISED and local_day(e.at) in period for e in finding.events)
