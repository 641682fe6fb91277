"""Promise 6: `kill -9` at any instant, then a restart: no lost visit, no doubled finding or mail.

A cycle against a synthetic portal and a real mail server on loopback is killed, started anew, and
compared with one that nobody disturbed, on SQLite and on PostgreSQL. `XUNJIAN_LONG=1` kills each
200 times, else a few; `XUNJIAN_SEED=n` chooses other instants.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from itertools import count
from pathlib import Path

import pytest

from storage.ledger import Ledger
from tests.app.killing.known import Known, claims, known, phase, visit_rows
from tests.app.killing.trial import Bench, Shot, bench

KILLS = 200 if os.environ.get("XUNJIAN_LONG") == "1" else 4
SEED = int(os.environ.get("XUNJIAN_SEED", "20261129"))
KILLED = -9


@dataclass(frozen=True)
class Undisturbed:
    """The cycle that nobody killed: what it knew, and when its parts were over, in seconds."""

    bench: Bench
    known: Known
    whole: float
    gap: float
    mails: int


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def undisturbed(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Undisturbed]:
    folder = tmp_path_factory.mktemp("killing")
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    with bench(folder, server) as made:
        ledger = made.fresh(folder / "home")
        seen: dict[str, float] = {}
        first: dict[str, float] = {}

        def note(at: str, _n: int) -> None:
            seen[at] = time.monotonic()
            first.setdefault(at, seen[at])

        made.hook = note
        begun = time.monotonic()
        code = made.cycle(folder / "home", ledger)
        whole = time.monotonic() - begun
        assert code == 0, (folder / "home/log.txt").read_text()
        result = known(ledger, made.inbox.arrived)
        ledger.close()
        gap = first["accepted"] - seen["request"]
        yield Undisturbed(made, result, whole, gap, len(made.inbox.arrived))


def shots(seed: int, usual: Undisturbed) -> Iterator[list[Shot]]:
    """Kill points: three of eight anywhere, five at narrow places; one trial in five has two."""
    rng = random.Random(seed)

    def one(n: int) -> Shot:
        group = rng.random() < 0.5
        kind = n % 8
        if kind == 0:
            return Shot("growth", rng.randint(1, 20), rng.choice((0, 0, 0.001)), group)
        if kind == 1:
            return Shot("finished", 0, rng.uniform(0, usual.gap), group)
        if kind == 2:
            return Shot("offered", rng.randint(1, usual.mails), 0, group)
        if kind == 3:
            return Shot(
                "accepted", rng.randint(1, usual.mails), rng.choice((0, 0.002, 0.01)), group
            )
        if kind == 4:
            return Shot("visit", rng.randint(1, len(usual.known.subjects)), 0, group=True)
        return Shot("start", 0, rng.uniform(0, usual.whole), group)

    for n in count():
        yield [one(n)] + ([one(n + 3)] if n % 5 == 4 else [])


def test_the_undisturbed_cycle_has_something_to_lose(undisturbed: Undisturbed) -> None:
    whole = undisturbed.known
    assert len(whole.subjects) == 18
    assert {to for to, _ in whole.mails} == {
        "office@example.cn",
        "operator@example.cn",
        "zfb@example.cn",
        "jyj@example.cn",
    }
    assert sorted(key[1:4] for key in whole.findings.elements()) == [
        ("interp_6m", "column:reading", ""),
        ("mailbox_5wd", "mailbox:letters", "L-0"),
        ("mailbox_5wd", "mailbox:letters", "L-1"),
        ("news_2w", "column:deadnews", ""),
        ("news_2w", "column:latenews", ""),
        ("news_2w", "column:latest", ""),
    ]


def test_a_killed_cycle_and_its_restart_leave_what_an_undisturbed_one_leaves(
    undisturbed: Undisturbed, tmp_path: Path
) -> None:
    met: Counter[str] = Counter()
    for number, series in enumerate(shots(SEED, undisturbed)):
        if met["kills"] >= KILLS:
            break
        _trial(undisturbed, tmp_path / str(number), series, met)
        if number % 10 == 9:
            print(number + 1, dict(met), flush=True)
    print(dict(met))


def _trial(usual: Undisturbed, home: Path, series: list[Shot], met: Counter[str]) -> None:
    made = usual.bench
    met["trials"] += 1
    ledger = made.fresh(home)
    for shot in series:
        code = made.cycle(home, ledger, shot)
        assert code in (0, KILLED), (series, (home / "log.txt").read_text())
        if code == KILLED:
            met["kills"] += 1
            met[phase(ledger)] += 1
        met["claims held"] += claims(ledger)
    before = visit_rows(ledger)
    assert made.cycle(home, ledger) == 0, (series, (home / "log.txt").read_text())
    after = visit_rows(ledger)
    assert {number: after.get(number) for number in before} == before, series
    assert list(ledger.evidence.check(iter(ledger.evidence_links()))) == [], series
    assert known(ledger, made.inbox.arrived) == usual.known, series
    assert set(ledger.delivery_counts()) == {"sent"}, series
    met["repeated mails"] += _repeats(ledger, made.inbox.arrived)
    ledger.close()


def _repeats(ledger: Ledger, arrived: list[tuple[str, bytes]]) -> int:
    """How many mails came again? Each with the Message-ID and the bytes of the first."""
    first: dict[str, bytes] = {}
    for _, mime in arrived:
        identity = str(message_from_bytes(mime)["Message-ID"])
        assert first.setdefault(identity, mime) == mime
    assert set(first) == {each.message.message_id for each in ledger.deliveries("sent")}
    return len(arrived) - len(first)
