"""What was noticed beside dates: the last look at each thing counts, at any past instant."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from checks.facts import Hand, Observed, Outcome
from checks.probes import Probe
from storage.evidence import Capture
from storage.inventory import Inventory, validate
from storage.ledger import Ledger, Note, Noticed, Sighting
from tests.storage.make import HOUR, MORNING, raw_register

HOME, OTHER = "https://www.example.gov.cn/", "https://www.example.gov.cn/zwdt/"


def at(hours: int) -> datetime:
    return MORNING + hours * HOUR


def noticed(moment: datetime, *notes: Note) -> Noticed:
    return Noticed("site:portal", moment, notes)


def page(url: str, words: str, outcome: Outcome = Outcome.OK) -> Note:
    return Note("page", url, outcome, {"words": words})


def test_of_one_thing_the_last_look_counts(ledger: Ledger) -> None:
    ledger.observe(None, noticed(at(1), page(HOME, "a"), page(OTHER, "b")))
    ledger.observe(None, noticed(at(2), page(HOME, "c")))
    (home, other) = ledger.observed(at(3), ["site:portal"])["site:portal"]
    assert home == Observed("site:portal", "page", HOME, at(2), Outcome.OK, {"words": "c"})
    assert (other.key, other.facts) == (OTHER, {"words": "b"})


def test_a_past_instant_knows_no_later_look(ledger: Ledger) -> None:
    ledger.observe(None, noticed(at(1), page(HOME, "a")))
    ledger.observe(None, noticed(at(3), page(HOME, "c")))
    (home,) = ledger.observed(at(2), ["site:portal"])["site:portal"]
    assert home.facts == {"words": "a"}
    assert ledger.observed(at(1) - timedelta(seconds=1), ["site:portal"]) == {}
    assert ledger.observed(at(4), ["site:other"]) == {}


def test_a_look_from_long_ago_is_left_out(ledger: Ledger) -> None:
    ledger.observe(None, noticed(at(1), page(HOME, "a")))
    known = ledger.observed(at(1) + timedelta(days=40), ["site:portal"])
    assert known == {}


def test_a_note_of_a_visit_rests_on_the_visit_s_page_or_on_its_own(ledger: Ledger) -> None:
    own = Capture(OTHER, at(1), 200, {}, b"<p>article</p>")
    notes = (
        Note("page", HOME, Outcome.OK, {}, of="site:portal"),
        Note("page", OTHER, Outcome.OK, {}, of="site:portal", capture=own),
    )
    visited = Capture(HOME, at(1), 200, {}, b"<p>list</p>")
    seen = Sighting("column:news", at(1), Outcome.OK, HOME, captures=(visited,), notes=notes)
    ledger.record(ledger.start_run(1, at(0)), seen)
    (home, other) = ledger.observed(at(2), ["site:portal"])["site:portal"]
    links = {link.subject: link for link in ledger.evidence_links()}
    assert home.evidence is not None
    assert home.evidence.endswith(links["column:news"].record_id)
    assert other.evidence is not None
    assert other.evidence.endswith(links["site:portal"].record_id)
    assert ledger.evidence.capture(links["site:portal"]).body == b"<p>article</p>"


def test_half_a_character_in_a_fact_costs_nothing(ledger: Ledger) -> None:
    ledger.observe(None, noticed(at(1), Note("page", HOME, Outcome.OK, {"a": ["x\ud800\0"]})))
    (home,) = ledger.observed(at(2), ["site:portal"])["site:portal"]
    assert home.facts == {"a": ["x?\ufffd"]}


def test_probes_come_by_site_and_in_order(ledger: Ledger) -> None:
    late = Probe("portal", at(2), 15_000, Outcome.UNREACHABLE)
    first = Probe("portal", at(1), 200, Outcome.OK)
    ours = Probe("town", at(1), None, Outcome.UNREACHABLE, ours=True)
    for probe in (late, first, ours):
        ledger.record_probe(probe)
    everything = ledger.probes(at(0), at(3))
    assert everything == {"portal": (first, late), "town": (ours,)}
    assert ledger.probes(at(1), at(3)) == {"portal": (late,)}
    assert ledger.probes(at(0), at(3), ["town"]) == {"town": (ours,)}


def moved(home: str = HOME, name: str = "门户") -> Inventory:
    raw = raw_register()
    raw["site"][0].update(home=home, name=name)
    return validate(raw, "test")


def test_probes_of_a_former_home_page_count_no_more(ledger: Ledger) -> None:
    """The site moves after an hour, is renamed after three, and moves back after five."""
    made = [Probe("portal", at(hours), None, Outcome.UNREACHABLE) for hours in range(7)]
    other = Probe("town", at(0), None, Outcome.UNREACHABLE)
    for probe in (*made, other):
        ledger.record_probe(probe)
    ledger.load_inventory(moved(HOME), at(0))
    ledger.load_inventory(moved(OTHER), at(1))
    ledger.load_inventory(moved(OTHER, "新门户"), at(3))
    ledger.load_inventory(moved(HOME, "新门户"), at(5))

    def kept(hours: int) -> tuple[Probe, ...]:
        return ledger.probes(at(-1), at(hours), ["portal"])["portal"]

    assert kept(0) == (made[0],)
    assert kept(1) == (made[1],)
    assert kept(4) == tuple(made[1:5])
    assert kept(6) == tuple(made[5:7])
    assert ledger.probes(at(-1), at(6)) == {"portal": tuple(made[5:7]), "town": (other,)}


def test_probes_stay_when_another_field_changes(ledger: Ledger) -> None:
    made = [Probe("portal", at(hours), None, Outcome.UNREACHABLE) for hours in (0, 24, 48)]
    for probe in made:
        ledger.record_probe(probe)
    ledger.load_inventory(moved(), at(12))
    ledger.load_inventory(moved(name="新门户"), at(36))
    assert ledger.probes(at(-1), at(48)) == {"portal": tuple(made)}


def test_what_a_person_found_holds_until_another_word_or_its_withdrawal(ledger: Ledger) -> None:
    def hand(moment: datetime, fault: bool | None, points: str | None = None) -> Hand:
        worth = None if points is None else Decimal(points)
        end = date(2026, 12, 31)
        return Hand("site:portal", "cn-2019", "W1", fault, worth, "截图", "张三", moment, end)

    first, second = hand(at(1), True, "2.5"), hand(at(3), False)
    ledger.record_hand(first)
    ledger.record_hand(second)
    ledger.record_hand(hand(at(5), None), withdrawn=True)
    assert ledger.hands(at(2)) == {"site:portal": (first,)}
    assert ledger.hands(at(4)) == {"site:portal": (second,)}
    assert ledger.hands(at(4), ["site:other"]) == {}
    assert ledger.hands(at(6)) == {}
