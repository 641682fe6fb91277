"""Findings at an instant, and what is told of them: all of a transaction or nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from checks.lifecycle import Event, EventKind, Finding, Key, State, Step, known_at
from storage.ledger import Ledger
from storage.tables import FindingRow, NoticeRow
from tests.storage.make import COLUMN, DAY, HOUR, MORNING, VERSIONS, fault, message, write

KEY = Key("haian", "M2", COLUMN)
LIFE = (
    (EventKind.DETECTED, State.FOUND),
    (EventKind.REMINDED, State.FOUND),
    (EventKind.RECOVERED, State.RECHECK),
    (EventKind.REOPENED, State.FOUND),
    (EventKind.RECOVERED, State.RECHECK),
    (EventKind.CLOSED, State.CLOSED),
)


def test_a_finding_is_in_the_state_of_its_events_at_that_instant(ledger: Ledger) -> None:
    finding: Finding | None = None
    for days, (kind, _) in enumerate(LIFE):
        finding = write(ledger, kind, MORNING + days * DAY, finding)
    for days, (kind, state) in enumerate(LIFE):
        at = MORNING + days * DAY
        (found,) = ledger.findings(at)
        assert found.state is state
        assert found.events[-1] == Event(kind, at, "xunjian", f"{kind}于{at}")
        assert len(found.events) == days + 1
    assert ledger.findings(MORNING - HOUR) == []
    assert ledger.findings() == ledger.findings(MORNING + 99 * DAY)


def test_findings_known_later_tell_what_was_known_before(ledger: Ledger) -> None:
    first = write(ledger, EventKind.DETECTED, MORNING)
    write(ledger, EventKind.RECOVERED, MORNING + DAY, first)
    write(ledger, EventKind.CLOSED, MORNING + 2 * DAY, first)
    write(ledger, EventKind.DETECTED, MORNING + 3 * DAY)
    later = ledger.findings()
    for at in (MORNING - HOUR, *(MORNING + days * DAY for days in range(5))):
        assert known_at(later, at) == ledger.findings(at)
    assert known_at(later, MORNING + DAY)[0].state is State.RECHECK


def test_a_finding_keeps_what_it_rests_on(ledger: Ledger) -> None:
    write(ledger, EventKind.DETECTED, datetime(2026, 11, 20, 16, 0, tzinfo=UTC))
    (found,) = ledger.findings()
    assert (found.key, found.unit, found.basis) == (KEY, "zfb", date(2026, 11, 1))
    assert found.opened_on == date(2026, 11, 21)  # the day in Asia/Shanghai
    with ledger.reading() as session:
        row = session.get_one(FindingRow, found.id)
    assert (row.rule_version, row.calendar_version) == ("2026.1", "cn-2026-00000000")


def test_the_latest_finding_of_a_fault_is_the_one_that_goes_on(ledger: Ledger) -> None:
    first = write(ledger, EventKind.DETECTED, MORNING)
    write(ledger, EventKind.CLOSED, MORNING + DAY, first)
    second = write(ledger, EventKind.DETECTED, MORNING + 2 * DAY)
    with ledger.writing() as session:
        latest = ledger.latest_findings(session)
    assert {key: finding.id for key, finding in latest.items()} == {KEY: second.id}
    assert [finding.id for finding in ledger.findings()] == [first.id, second.id]


def test_a_finding_without_its_rules_version_is_not_written(ledger: Ledger) -> None:
    steps = [Step(EventKind.DETECTED, "", fault=fault(rule="M99"))]
    with pytest.raises(KeyError, match="haian/M99"), ledger.writing() as session:
        ledger.write_steps(session, steps, VERSIONS, MORNING)
    assert ledger.findings() == []


def test_a_step_with_neither_finding_nor_fault_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="needs its fault"), ledger.writing() as session:
        ledger.write_steps(session, [Step(EventKind.DETECTED, "")], VERSIONS, MORNING)


def test_what_happened_has_a_key_of_its_own_for_good(ledger: Ledger) -> None:
    keys = []
    for days in range(3):
        step = Step(EventKind.DETECTED, "", fault=fault(f"column:c{days}"))
        with ledger.writing() as session:
            (happening,) = ledger.write_steps(session, [step], VERSIONS, MORNING)
        keys.append(happening.key)
    assert keys == ["event:1", "event:2", "event:3"]


def test_standing_news_is_the_last_event_of_each_finding_still_open(ledger: Ledger) -> None:
    names = ("open", "closed", "old")
    steps = [Step(EventKind.DETECTED, "", fault=fault(f"column:{name}")) for name in names]
    with ledger.writing() as session:
        found = [h.finding for h in ledger.write_steps(session, steps, VERSIONS, MORNING)]
    write(ledger, EventKind.REMINDED, MORNING + DAY, found[0])
    write(ledger, EventKind.CLOSED, MORNING + DAY, found[1])
    with ledger.reading() as session:
        (news,) = ledger.standing_news(session, MORNING + DAY)
        assert ledger.standing_news(session, MORNING + 2 * DAY) == []
        everything = ledger.standing_news(session, MORNING)
    assert (news.key, news.event.kind, news.finding.id) == (
        "event:4",
        EventKind.REMINDED,
        found[0].id,
    )
    assert [event.kind for event in news.finding.events] == [EventKind.DETECTED]
    assert {h.finding.key.subject for h in everything} == {"column:open", "column:old"}


class CutShortError(RuntimeError):
    """The run ends here."""


def check(ledger: Ledger, now: datetime, *, cut_short: bool = False) -> list[str]:
    """What the cycle does: events, what is told, and the mail, in one transaction."""
    with ledger.writing() as session:
        fresh = (
            [] if ledger.latest_findings(session) else [Step(EventKind.DETECTED, "", fault=fault())]
        )
        happenings = ledger.write_steps(session, fresh, VERSIONS, now)
        untold = ledger.untold(session, "office", [h.key for h in happenings])
        ledger.tell(session, "office", untold, now)
        if untold:
            ledger.queue(session, message("-".join(sorted(untold))), now)
        session.flush()
        if cut_short:
            raise CutShortError
        return sorted(untold)


def test_a_run_cut_short_leaves_no_event_no_word_and_no_mail(ledger: Ledger) -> None:
    with pytest.raises(CutShortError):
        check(ledger, MORNING, cut_short=True)
    assert ledger.findings() == []
    assert ledger.deliveries() == []
    assert len(check(ledger, MORNING)) == 1
    assert check(ledger, MORNING + HOUR) == []
    assert len(ledger.findings()) == len(ledger.deliveries()) == 1


def untold(ledger: Ledger, audience: str, *keys: str) -> set[str]:
    with ledger.reading() as session:
        return ledger.untold(session, audience, keys)


def tell(ledger: Ledger, audience: str, *keys: str) -> None:
    with ledger.writing() as session:
        ledger.tell(session, audience, keys, MORNING)


def test_each_audience_is_told_for_itself(ledger: Ledger) -> None:
    tell(ledger, "office", "a", "b", "a")
    assert untold(ledger, "office", "a", "b", "c") == {"c"}
    assert untold(ledger, "unit:zfb", "a", "b", "c") == {"a", "b", "c"}
    tell(ledger, "unit:zfb", "a")
    assert untold(ledger, "unit:zfb", "a", "b") == {"b"}
    assert untold(ledger, "office") == set()


def test_telling_is_seen_within_its_own_transaction_and_nowhere_else(ledger: Ledger) -> None:
    with ledger.writing() as session:
        ledger.tell(session, "office", ["a"], MORNING)
        assert ledger.untold(session, "office", ["a"]) == set()
        assert untold(ledger, "office", "a") == {"a"}
    assert untold(ledger, "office", "a") == set()


def test_any_number_of_facts_may_be_asked_about_at_once(ledger: Ledger, database: str) -> None:
    at_most = {"sqlite": 250_000, "postgresql": 65_535}[database]  # that one statement takes
    facts = [f"event:{n}" for n in range(at_most + 1000)]
    tell(ledger, "office", *facts[:1000])
    assert untold(ledger, "office", *facts) == set(facts[1000:])


def test_no_fact_is_told_twice_to_one_audience(ledger: Ledger) -> None:
    tell(ledger, "office", "a")
    with pytest.raises(IntegrityError, match="told"):
        tell(ledger, "office", "a", "b")
    assert untold(ledger, "office", "a", "b") == {"b"}


# What persons did


def person(ledger: Ledger, kind: EventKind, at: datetime, finding: Finding) -> str:
    event = Event(kind, at, "示例经办人", "示例", "evidence/hand/示例")
    with ledger.writing() as session:
        (happening,) = ledger.write_events(session, [(finding, event)])
    return happening.key


def test_the_last_step_of_a_person_is_news_whatever_was_written_after_it(ledger: Ledger) -> None:
    found = write(ledger, EventKind.DETECTED, MORNING)
    person(ledger, EventKind.CONFIRMED, MORNING + HOUR, found)
    key = person(ledger, EventKind.DISMISSED, MORNING + 2 * HOUR, found)
    write(ledger, EventKind.RECOVERED, MORNING + DAY, found)
    with ledger.reading() as session:
        (news,) = ledger.persons_news(session, MORNING)
        assert ledger.persons_news(session, MORNING + 3 * HOUR) == []
    assert (news.key, news.event.kind, news.event.by) == (key, EventKind.DISMISSED, "示例经办人")
    assert news.finding.state is State.DISMISSED
    assert len(news.finding.events) == 4


def test_who_was_told_of_any_event_of_a_finding_was_told_of_the_finding(ledger: Ledger) -> None:
    first = write(ledger, EventKind.DETECTED, MORNING)
    write(ledger, EventKind.CLOSED, MORNING + HOUR, first)
    second = write(ledger, EventKind.DETECTED, MORNING + DAY)
    tell(ledger, "unit:zfb", "event:1")
    with ledger.reading() as session:
        told = {
            (audience, each.id): ledger.was_told(session, audience, each.id)
            for audience in ("unit:zfb", "unit:jyj")
            for each in (first, second)
        }
    assert [key for key, was in told.items() if was] == [("unit:zfb", first.id)]


def test_the_evidence_of_events_and_the_papers_of_notices_are_named_to_be_checked(
    ledger: Ledger,
) -> None:
    found = write(ledger, EventKind.DETECTED, MORNING)
    person(ledger, EventKind.CONFIRMED, MORNING, found)
    notice = NoticeRow(
        kind="notice",
        number="整改通知〔2026〕1号",
        unit="zfb",
        at=MORNING,
        by="示例经办人",
        due=date(2026, 12, 4),
        findings=[found.id],
        document="evidence/hand/示例.docx",
    )
    with ledger.writing() as session:
        ledger.record_notice(session, notice)
    assert ledger.event_evidence() == ["evidence/hand/示例", "evidence/hand/示例.docx"]
    with ledger.reading() as session:
        assert ledger.notice_numbers(session) == {"整改通知〔2026〕1号"}
    assert ledger.notices(MORNING - HOUR) == []
    (kept,) = ledger.notices(MORNING)
    assert (kept.findings, kept.at) == ([found.id], MORNING)


def test_of_false_alarms_all_findings_of_the_fault_are_told_and_no_others(ledger: Ledger) -> None:
    first = write(ledger, EventKind.DETECTED, MORNING)
    write(ledger, EventKind.DISMISSED, MORNING + DAY, first)
    again = write(ledger, EventKind.DETECTED, MORNING + 2 * DAY)
    with ledger.writing() as session:
        steps = [Step(EventKind.DETECTED, "", fault=fault("column:other"))]
        ledger.write_steps(session, steps, VERSIONS, MORNING)
    told = ledger.once_dismissed(MORNING + 3 * DAY)
    assert [each.id for each in told] == [first.id, again.id]
    assert told == [each for each in ledger.findings() if each.key == KEY]
    assert [each.state for each in ledger.once_dismissed(MORNING + DAY)] == [State.DISMISSED]
    assert ledger.once_dismissed(MORNING) == []
