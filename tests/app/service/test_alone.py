"""A lease: held by one process, renewed while it lives, free when it has died."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest

from app import alone as module
from app.alone import LIFE, BusyError, Holder, alone
from storage.clock import now
from storage.ledger import Ledger
from tests.storage.make import open_ledger

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ledger(tmp_path: Path, database: str) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path)
    yield opened
    opened.close()


def test_one_holds_it_and_others_are_told_who(ledger: Ledger) -> None:
    told = r"^另一进程正在进行巡检（.+ 进程 \d+，自 \d\d-\d\d \d\d:\d\d）"
    with alone(ledger, "cycle"), pytest.raises(BusyError, match=told), alone(ledger, "cycle"):
        raise AssertionError
    with alone(ledger, "cycle"), alone(ledger, "probe"):
        assert ledger.lease("probe") is not None
    assert [ledger.lease("cycle"), ledger.lease("probe")] == [None, None]


def test_what_fails_gives_it_back(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), alone(ledger, "cycle"):
        raise ZeroDivisionError
    assert ledger.lease("cycle") is None


def test_one_that_died_on_this_machine_loses_it_at_once(ledger: Ledger) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as gone:
        gone.wait()
    dead = str(Holder(module._place(), gone.pid, "mark"))
    ledger.take_lease("cycle", dead, now(), now() + LIFE)
    with alone(ledger, "cycle"):
        held = ledger.lease("cycle")
    assert held is not None
    assert held.owner != dead


@pytest.mark.parametrize("owner", ["other:1/1/mark", "other:1/999999/mark", "nonsense"])
def test_one_of_another_machine_keeps_it_until_it_runs_out(ledger: Ledger, owner: str) -> None:
    ledger.take_lease("cycle", owner, now(), now() + LIFE)
    with pytest.raises(BusyError), alone(ledger, "cycle"):
        raise AssertionError
    ledger.take_lease("cycle", owner, now() - LIFE, now() - timedelta(seconds=1))
    with alone(ledger, "cycle"):
        pass


def test_it_is_prolonged_and_given_back_by_its_owner_alone(ledger: Ledger) -> None:
    start = now()
    assert ledger.take_lease("cycle", "a", start, start + LIFE).owner == "a"
    assert ledger.take_lease("cycle", "b", start + MINUTE, start + MINUTE + LIFE).owner == "a"
    mine = ledger.take_lease("cycle", "a", start + MINUTE, start + MINUTE + LIFE)
    assert (mine.taken_at, mine.until) == (start, start + MINUTE + LIFE)
    ledger.release_lease("cycle", "b")
    assert ledger.lease("cycle") == mine
    assert ledger.take_lease("cycle", "b", mine.until, mine.until + LIFE).owner == "b"


def test_one_that_stood_still_too_long_hears_that_it_was_replaced(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RENEW", timedelta(0))
    lost, replaced = Event(), "another:1/1/mark"
    real = Ledger.take_lease

    def take(held: Ledger, *given: object, **more: object) -> object:
        later = now() + 2 * LIFE
        if ledger.lease("service") is not None:
            real(held, "service", replaced, later, later + LIFE)
        return real(held, *given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Ledger, "take_lease", take)
    with alone(ledger, "service", lost.set):
        assert lost.wait(30)
    kept = ledger.lease("service")
    assert kept is not None
    assert kept.owner == replaced


def test_processes_of_different_namespaces_are_not_mistaken_for_each_other() -> None:
    assert Path("/proc/self/ns/pid").exists()
    here, number = module._place().rsplit(":", 1)
    assert not Holder(f"{here}:{int(number) + 1}", 2**22 + 1, "m").is_gone
    assert Holder(f"{here}:{number}", 2**22 + 1, "m").is_gone
