"""A day's upkeep: terms, a budget, a thirtieth of the chain; and the commands that do the same."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from app import upkeep
from app.alone import BusyError, alone
from app.doctor.data import kept as kept_check
from app.home import Home
from app.settings import Settings, SettingsError
from app.upkeep import EVIDENCE, keep_house, prune_now, verify_now
from checks.facts import Outcome
from checks.probes import Probe
from storage.ledger import Ledger, chain
from storage.size import bytes_in
from tests.app.assessed import home_in
from tests.app.run import called
from tests.storage.make import DAY, HOUR, MORNING, capture, look, message, queue

LOOKS = 12
LATE = MORNING + 731 * DAY


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    return home_in(tmp_path)[0]


@pytest.fixture
def ledger(home: Home) -> Ledger:
    """Twelve looks a month apart, of 20 kB that do not compress; the last is the column's last."""
    ledger = home.open_ledger()
    for n in range(LOOKS):
        at = MORNING + n * 30 * DAY
        noise = random.Random(n).randbytes(20_000)
        look(ledger, at, subject="column:dt", captures=(capture(f"http://a.cn/{n}", noise, at),))
    return ledger


def keeping(home: Home, **keep: object) -> Home:
    with home.path("settings.toml").open("a", encoding="utf-8") as file:
        lines = "\n".join(f"{name} = {value}" for name, value in keep.items())
        file.write(f"\n[keep]\n{lines}\n")
    return home


def kept(ledger: Ledger) -> list[int]:
    return [link.id for link in ledger.evidence_links() if link.removed_at is None]


def test_what_is_past_its_term_goes_and_a_second_time_nothing_does(
    home: Home, ledger: Ledger
) -> None:
    settings = keeping(home, columns=500).settings()
    present = MORNING + 30 * 5 * DAY + 500 * DAY + HOUR
    before = bytes_in(ledger.evidence.folder)
    told = prune_now(settings, ledger, present, dry_run=True)
    assert (told.removed, told.before, told.size) == (6, before, before)
    assert kept(ledger) == list(range(1, 13))
    done = prune_now(settings, ledger, present)
    assert (done.removed, done.over_budget, done.faults) == (6, 0, ())
    assert kept(ledger) == list(range(7, 13))
    assert done.size == bytes_in(ledger.evidence.folder) < before * 0.6
    assert prune_now(settings, ledger, present).removed == 0
    verified = verify_now(ledger)
    assert (verified.links, verified.removed, verified.faults) == (12, 6, ())


def test_over_the_budget_the_oldest_go_first_and_no_more_than_needed(
    home: Home, ledger: Ledger
) -> None:
    size = bytes_in(ledger.evidence.folder)
    settings = keeping(home, budget_gib=size * 0.51 / upkeep.GIB).settings()
    done = prune_now(settings, ledger, MORNING + 500 * DAY)
    assert (done.removed, done.over_budget, done.too_large) == (6, 6, False)
    assert kept(ledger) == list(range(7, 13))


def test_where_what_must_stay_is_more_than_the_budget_nothing_of_it_goes_and_it_is_said(
    home: Home, ledger: Ledger
) -> None:
    settings = keeping(home, budget_gib=0.000001).settings()
    # Of the last quarter nothing goes: that is the last three looks and the one of 90 days ago.
    present = MORNING + 30 * 11 * DAY + 5 * DAY
    done = keep_house(settings, ledger, present)
    assert kept(ledger) == [9, 10, 11, 12]
    assert done.pruned.too_large
    (told,) = done.faults
    assert "超过 [keep] budget_gib" in told
    assert "不予删除" in told


def test_what_cannot_be_erased_does_not_cost_ever_more(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = keeping(home, budget_gib=bytes_in(ledger.evidence.folder) * 0.9 / 2**30).settings()

    def refused(*_: object) -> None:
        raise PermissionError("Operation not permitted")

    monkeypatch.setattr(Ledger, "_erase", refused)
    done = prune_now(settings, ledger, MORNING + 500 * DAY)
    assert done.removed <= 2
    assert len(done.faults) == done.removed
    assert done.faults[0].startswith("证据文件 2026/11/run-")


def test_a_days_round_packs_old_probes_and_within_thirty_days_reads_the_whole_chain(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "BLOCK", 1)
    for n in range(4):
        ledger.record_probe(Probe("s", MORNING + n * 60 * DAY, 100, Outcome.OK))
    settings = home.settings()
    probes = ledger.probes(MORNING - DAY, LATE)
    days = [keep_house(settings, ledger, MORNING + (200 + n) * DAY) for n in range(30)]
    assert [day.packed for day in days] == [2, *[0] * 20, 1, *[0] * 8]
    assert sum(day.verified.links for day in days) == LOOKS
    assert max(day.verified.links for day in days) == 1
    assert all(day.faults == () for day in days)
    assert ledger.probes(MORNING - DAY, LATE) == probes
    next((ledger.evidence.folder).rglob("*.warc.gz")).unlink()
    again = [keep_house(settings, ledger, MORNING + (230 + n) * DAY) for n in range(30)]
    assert len([fault for day in again for fault in day.faults]) == 1


def test_texts_of_mails_go_after_their_term_and_that_they_were_sent_stays(
    home: Home, ledger: Ledger
) -> None:
    queue(ledger, message("old"), message("waiting"))
    delivery = ledger.claim(MORNING)
    assert delivery is not None
    ledger.mark_sent(delivery, MORNING)
    settings = home.settings()
    assert prune_now(settings, ledger, MORNING + 729 * DAY).mails == 0
    assert prune_now(settings, ledger, LATE).mails == 1
    assert prune_now(settings, ledger, LATE).mails == 0
    sent, waiting = ledger.deliveries()
    assert (sent.state, sent.sent_at, sent.message.mime) == ("sent", MORNING, b"")
    assert (waiting.state, waiting.message) == ("queued", message("waiting"))


def test_two_processes_never_give_up_or_copy_at_once(home: Home, ledger: Ledger) -> None:
    with alone(ledger, EVIDENCE):
        with pytest.raises(BusyError, match="另一进程正在进行证据清理或备份"):
            prune_now(home.settings(), ledger, LATE)
        ran = called("db", "backup", str(home.path("b.db")), "--evidence", "e", home=home.folder)
    assert (ran.code, home.path("b.db").exists()) == (4, False)


@pytest.mark.parametrize("line", ["columns = 99", "budget_gib = 0", "years = 2"])
def test_a_term_below_a_quarter_is_refused(line: str, home: Home) -> None:
    with home.path("settings.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[keep]\n{line}\n")
    with pytest.raises(SettingsError, match="keep"):
        home.settings()


def test_the_commands_say_what_was_given_up_and_what_was_checked(
    home: Home, ledger: Ledger
) -> None:
    ledger.give_up([1, 2, 3], MORNING, "保留期限已满")
    list(ledger.erase(MORNING))
    ran = called("evidence", "prune", "--dry-run", home=home.folder)
    assert ran.code == 0
    assert "未作任何删除" in ran.err
    ran = called("evidence", "prune", home=home.folder)
    assert ran.err.startswith("已删除 0 条证据，证据由 0.00 GiB")
    words = ("evidence", "verify")
    ran = called(*words, home=home.folder)
    assert (ran.code, ran.err) == (
        0,
        "3 条证据已按保留期限删除，仅存哈希值。\n全部证据与登记的哈希链相符。\n",
    )
    ran = called(*words, "--portion", "30/30", home=home.folder)
    assert (ran.code, ran.err) == (0, "第 30/30 份证据与登记的哈希链相符。\n")
    for path in ledger.evidence.folder.rglob("*.warc.gz"):
        path.unlink()
    ran = called(*words, "--chain-only", home=home.folder)
    assert ran.code == 0
    assert ran.err.endswith("哈希链相符；未读取证据文件。\n")
    ran = called(*words, home=home.folder)
    assert (ran.code, ran.err.splitlines()[-1]) == (4, "共 9 处不符。")
    for wrong in ("0/3", "4/3", "a/b", "3", "1/"):
        assert called(*words, "--portion", wrong, home=home.folder).code == 2


@pytest.mark.sqlite("PostgreSQL has backups of its own")
def test_a_backup_with_evidence_is_a_whole_that_verifies_by_itself(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    words = ("db", "backup", str(other / "xunjian.db"), "--evidence", str(other / "evidence"))
    ran = called(*words, home=home.folder)
    assert (ran.code, "有变化的文件 12 个" in ran.err) == (0, True)
    copy = Home(other).open_ledger()
    verified = verify_now(copy)
    assert (verified.links, verified.faults) == (12, ())
    copy.close()


def test_doctor_tells_of_a_budget_that_is_passed_and_of_what_was_half_given_up(
    home: Home, ledger: Ledger
) -> None:
    def told(settings: Settings) -> list[tuple[bool, str]]:
        return [(each.ok, each.note) for each in kept_check(settings, ledger)]

    plain = home.settings()
    assert told(plain) == []
    ledger.give_up([1], MORNING, "")
    ((ok, note),) = told(plain)
    assert (ok, "1 条已登记删除而文件尚未清理" in note) == (False, True)
    list(ledger.erase(MORNING))
    assert told(plain) == []
    assert told(keeping(home, budget_gib=1).settings()) == [(True, "证据 0.00 GiB，上限 1 GiB")]
    home.path("settings.toml").write_text("[keep]\nbudget_gib = 0.00001\n", encoding="utf-8")
    ((ok, note),) = told(home.settings())
    assert (ok, "请运行 xunjian evidence prune" in note) == (False, True)


def test_an_erased_file_keeps_its_time_so_that_it_is_not_taken_for_growth(
    home: Home, ledger: Ledger
) -> None:
    run = ledger.start_run(1, MORNING)
    for url in ("http://a.cn/a", "http://a.cn/b"):
        look(ledger, MORNING, run=run, subject="column:dt", captures=(capture(url, b"x"),))
    file = ledger.evidence.folder / list(ledger.evidence_links())[-1].warc
    os.utime(file, (1_000_000_000, 1_000_000_000))
    ledger.give_up([LOOKS + 1], MORNING, "")
    list(ledger.erase(MORNING))
    assert file.stat().st_mtime == 1_000_000_000
    assert verify_now(ledger).faults == ()
