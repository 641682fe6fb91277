"""Does a catalogue hold every item that its standard catalogue demands, each dated? (标准目录)

A list that was read in part proves what it shows, and never what it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from unicodedata import normalize

from checks.duty_table import Duty
from checks.facts import Item
from checks.freshness import OUTCOME_WORDS
from checks.owed import Answer, Case, nothing_seen
from checks.verdicts import DutyState

CATALOGUE = "catalogue"


@dataclass(frozen=True, slots=True)
class CatalogueSeen:
    """What a list shows of the names it should hold: `present` with the latest day it gives.

    A name in `absent` is surely not there, one in `undated` surely bears no day; of others
    nobody can say.
    """

    present: Mapping[str, date | None]
    absent: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        present = {name: str(on) if on else None for name, on in self.present.items()}
        return {
            "present": present,
            "absent": list(self.absent),
            "undated": list(self.undated),
        }

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> CatalogueSeen:
        present = {
            name: date.fromisoformat(on) if on else None for name, on in facts["present"].items()
        }
        return cls(present, tuple(facts["absent"]), tuple(facts["undated"]))


def seen_in(
    expected: Iterable[str], items: Iterable[Item], *, whole: bool, undated: Iterable[Item] = ()
) -> CatalogueSeen:
    """Which of the expected names do these rows show: a title that contains the name?

    `whole`: these are all the rows that there are. `undated` are rows that are known to bear
    no day, neither in the list nor in their article.
    """
    titles = [(plain(item.title), item) for item in items]
    bare = {plain(item.title) for item in undated}
    present: dict[str, date | None] = {}
    absent, without = [], []
    for name in expected:
        rows = [(title, item) for title, item in titles if plain(name) in title]
        days = [item.published_on for _, item in rows if item.published_on]
        if rows:
            present[name] = max(days, default=None)
        elif whole:
            absent.append(name)
        if rows and all(title in bare and not item.published_on for title, item in rows):
            without.append(name)
    return CatalogueSeen(present, tuple(absent), tuple(without))


def answer_catalogue(case: Case, duty: Duty) -> Answer | None:
    """Is each item of the unit's standard catalogue listed and dated? None where none is named."""
    if not case.subject.expected:
        return None
    looks = case.looks(CATALOGUE, duty)
    if not looks:
        return nothing_seen("目录")
    look = max(looks, key=lambda each: each.at)
    if not look.outcome.seen:
        return Answer(DutyState.UNKNOWN, f"{OUTCOME_WORDS[look.outcome]}，不作判定")
    seen = CatalogueSeen.from_json(look.facts)
    faults, doubts = [], []
    for name in case.subject.expected:
        if name in seen.absent:
            faults.append(f"未列出“{name}”（{case.subject.url}）")
        elif name in seen.undated:
            faults.append(f"“{name}”未标注日期（{case.subject.url}）")
        elif name not in seen.present:
            doubts.append(f"“{name}”：目录未能读全，所见部分没有此项")
        elif seen.present[name] is None:
            doubts.append(f"“{name}”：未能确认日期")
    return _answer(len(case.subject.expected), faults, doubts, look.evidence)


def _answer(owed: int, faults: list[str], doubts: list[str], evidence: str | None) -> Answer:
    said = f"应列{owed}项"
    said += f"，{len(faults)}项未列出或未标注日期" if faults else ""
    said += f"，{len(doubts)}项未能判定" if doubts else ""
    if faults:
        return Answer(DutyState.UNMET, said, tuple(faults), tuple(doubts), evidence)
    if doubts:
        return Answer(DutyState.UNKNOWN, said, (), tuple(doubts))
    return Answer(DutyState.MET, f"{said}，均已列出并标注日期")


def plain(text: str) -> str:
    """A title without blanks and marks, in one writing of its letters and digits."""
    return "".join(each for each in normalize("NFKC", text).lower() if each.isalnum())
