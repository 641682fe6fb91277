"""Indicators: how a pack counts faults into a veto, a deduction or a bonus of a whole site.

A rule judges one column, mailbox, account or home page; an indicator says which of these
verdicts are counted, and from which count on they matter (国办秘函〔2019〕19号 附件).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from checks.calendar import Limit
from checks.verdicts import LetterVerdict, Verdict

VERDICTS = {"subjects": tuple(Verdict), "letters": tuple(LetterVerdict)}
TALLIED = (*VERDICTS, "duties")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One row of the table of indicators (检查指标).

    `counts`: `subjects` with one of `verdicts` under one of `rules` (none named: under any
    rule, or none); mailboxes with such `letters` received `within` a span; the unmet `duties`
    among `rules`; a `share` of visits; or nothing, where a person must say (`hand`). `subject`
    is what is counted, or what a person looks at; `partial`: the rest of the row is for a person
    to see. A veto is hit from `limit` on, or from `share` on of at least `least` visits, and the
    office is told from `warn` on, all inclusive; `warn_source` says where that number is from.
    `points` is what one fault costs, `cap` the most that this row may cost; both None where the
    pack does not know them. `group` is the number of the row in the official table, of which
    each alternative is an indicator of its own.
    """

    id: str
    pack: str
    version: str
    group: str
    part: str
    section: str
    name: str
    subject: str
    counts: str
    rules: tuple[str, ...]
    verdicts: tuple[str, ...]
    clause: str
    source: str
    confidence: str
    verified: bool
    effective_from: date
    headline: str
    remedy: str
    limit: int | None = None
    share: Decimal | None = None
    least: int | None = None
    within: Limit | None = None
    points: Decimal | None = None
    cap: Decimal | None = None
    partial: bool = False
    warn: Decimal | None = None
    warn_source: str | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """How points become a grade: full points, the two gates, and the body without services.

    Below `pass_mark` a site fails; above `bonus_above` the bonus part counts, up to
    `bonus_most`. `services` are the points of the section `services_section`, which a body
    without public services leaves out.
    """

    full: Decimal
    pass_mark: Decimal
    bonus_above: Decimal
    bonus_most: Decimal
    services: Decimal
    services_section: str
    clause: str
    source: str
    confidence: str
    verified: bool


def in_force(rows: Iterable[Indicator], as_of: date) -> tuple[Indicator, ...]:
    """Which indicators hold on `as_of`? Of rows with one id, the latest begun by then."""
    latest: dict[str, Indicator] = {}
    for row in sorted(rows, key=lambda row: row.effective_from):
        if row.effective_from <= as_of:
            latest[row.id] = row
    order = {id_: place for place, id_ in reversed(list(enumerate(row.id for row in rows)))}
    return tuple(sorted(latest.values(), key=lambda row: order[row.id]))
