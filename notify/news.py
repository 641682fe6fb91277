"""What one run has to tell, and one line of it. Values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checks.calendar import Limit
from checks.escalation import Rung
from checks.judge import Bench
from checks.lifecycle import Finding
from checks.rules import Law, Rule
from checks.subjects import Subject, SubjectKind
from checks.watch import Place
from storage.ledger import Happening

OFFICE = "office"
OPERATOR = "operator"
LEADER = "leader"


def unit_audience(unit: str) -> str:
    return f"unit:{unit}"


@dataclass(frozen=True, slots=True)
class Contact:
    """A unit's name and the addresses it reads."""

    name: str
    emails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class News:
    """One run: the day's judgements, the events written, and the register to name things by.

    `units` is keyed by unit id, `subjects` by subject key. `places` are the sites and accounts
    under the packs that count; `told` are the keys of what the office was told of them before,
    oldest first. `persons` are the last steps that persons took with findings of late, `standing`
    the findings as they stand after the run; units are reminded of a deadline within
    `warn`; `rungs` say who hears of one that has passed.
    """

    bench: Bench
    happenings: Sequence[Happening]
    units: Mapping[str, Contact]
    subjects: Mapping[str, Subject]
    law: Law
    places: Sequence[Place] = ()
    told: Sequence[str] = ()
    persons: Sequence[Happening] = ()
    standing: Sequence[Finding] = ()
    warn: Limit | None = None
    rungs: Sequence[Rung] = ()

    @property
    def as_of(self) -> date:
        return self.bench.moment.as_of

    def unit_name(self, unit: str | None) -> str | None:
        contact = self.units.get(unit) if unit is not None else None
        return contact.name if contact is not None else unit

    def site_name(self, site: str | None) -> str | None:
        subject = self.subjects.get(f"{SubjectKind.SITE}:{site}")
        return subject.name if subject is not None else site

    def site_of(self, subject: Subject | None) -> str | None:
        """The name of the site it belongs to; a site belongs to none but itself."""
        if subject is None or subject.kind is SubjectKind.SITE:
            return None
        return self.site_name(subject.site)

    def rule(self, pack: str | None, rule: str | None) -> Rule | None:
        """The rule as it stands on the day of the run."""
        return self.law.rule(pack, rule, self.as_of) if pack and rule else None


class Topic(StrEnum):
    """What a line is about. Mails list topics in this order: the worst first."""

    SITE_DOWN = "site_down"
    OWN_NETWORK = "own_network"
    SITE_UNSEEN = "site_unseen"
    LAPSED = "lapsed"
    FAILED = "failed"
    SITE_OVERDUE = "site_overdue"
    COLUMN_OVERDUE = "column_overdue"
    VETO = "veto"
    ACCOUNT_OVERDUE = "account_overdue"
    LETTER_OVERDUE = "letter_overdue"
    LETTER_LATE = "letter_late"
    MAILBOX_OVERDUE = "mailbox_overdue"
    COLUMN_BLANK = "column_blank"
    ACCOUNT_BLANK = "account_blank"
    COLUMN_UNDATED = "column_undated"
    ACCOUNT_UNDATED = "account_undated"
    DUTY = "duty"
    OTHER = "other"
    TO_CHECK = "to_check"
    LONG_UNSEEN = "long_unseen"
    RECTIFY_SOON = "rectify_soon"
    DUE_SOON = "due_soon"
    REPORTED = "reported"
    SITE_BACK = "site_back"
    RECOVERED = "recovered"
    SETTLED = "settled"
    UNSEEN = "unseen"
    DOUBT = "doubt"
    VISIBLE_AGAIN = "visible_again"


@dataclass(frozen=True, slots=True)
class Line:
    """One fact to be told once to each audience.

    `key` names the fact for good; `covers` names facts that are told along with it. `thing`
    is what is counted: two lines about one column count as one column. `severity` is the
    rule's rank, 0 the gravest; `days_over` counts calendar days. Lines of one `group` about one
    thing are one line of a mail. `to_told`: only an audience that was told of the finding is told.
    """

    key: str
    topic: Topic
    audiences: frozenset[str]
    thing: str
    what: str
    name: str
    headline: str
    reason: str
    clause: str = ""
    clause_link: str | None = None
    remedy: str = ""
    link: str | None = None
    unit: str | None = None
    site: str | None = None
    severity: int = 0
    days_over: int | None = None
    due: date | None = None
    tag: str = ""
    confirmed: bool = True
    finding: int | None = None
    since: date | None = None
    covers: tuple[str, ...] = ()
    group: str = ""
    to_told: bool = False

    @property
    def advice(self) -> str:
        """What is the remedy called: a rectification, or something else to be done?"""
        return ADVICE.get(self.topic, "整改建议")

    @property
    def order(self) -> tuple[int, int, int, str, str, str]:
        """Where the line stands in a mail: worst topic, gravest rule, longest over, name."""
        due = self.due.toordinal() if self.due is not None else date.max.toordinal()
        urgency = -self.days_over if self.days_over is not None else due
        return (
            TOPICS.index(self.topic),
            self.severity,
            urgency,
            self.unit or "",
            self.name,
            self.key,
        )


TOPICS = tuple(Topic)
ADVICE = {
    Topic.VETO: "工作建议",
    Topic.DUE_SOON: "工作建议",
    Topic.TO_CHECK: "核实建议",
    Topic.RECOVERED: "后续处理",
    Topic.REPORTED: "后续处理",
    Topic.SETTLED: "后续处理",
    Topic.SITE_DOWN: "处理建议",
    Topic.OWN_NETWORK: "处理建议",
    Topic.SITE_UNSEEN: "处理建议",
    Topic.LONG_UNSEEN: "处理建议",
    Topic.UNSEEN: "处理建议",
    Topic.DOUBT: "处理建议",
}
