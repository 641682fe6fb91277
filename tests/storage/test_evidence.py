"""Evidence: the bytes come back as they came in, and whoever touches them is found out."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import text

from checks.facts import Outcome
from storage.evidence import Capture
from storage.ledger import Ledger
from tests.storage.make import (
    COLUMN,
    DAY,
    HOUR,
    MORNING,
    address,
    capture,
    last,
    look,
    open_ledger,
)

URL = "https://www.example.cn/news/"


def faults(ledger: Ledger) -> list[str]:
    return list(ledger.evidence.check(iter(ledger.evidence_links())))


def keep(ledger: Ledger, *captures: Capture, at: datetime = MORNING) -> str:
    look(ledger, at, Outcome.EMPTY, captures=captures)
    evidence = last(ledger, at).evidence
    assert evidence is not None
    return evidence


def warcs(folder: Path) -> list[Path]:
    return sorted((folder / "evidence").rglob("*.warc.gz"))


def bodies(ledger: Ledger) -> list[bytes]:
    return [ledger.evidence.read(link.warc, link.offset)[1] for link in ledger.evidence_links()]


BODIES = {
    "empty": b"",
    "every byte": bytes(range(256)) * 3,
    "gbk": "海安市人民政府".encode("gbk"),
    "looks like a warc": b"\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\n\r\n",
    "looks like gzip": gzip.compress(b"inner"),
    "line ends": b"\r\n\n\r" * 100,
    "large": random.Random(1).randbytes(300_000),
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_comes_back_byte_for_byte(body: bytes, ledger: Ledger) -> None:
    keep(ledger, capture(URL, body), capture(URL + "2", b"next"))
    assert bodies(ledger) == [body, b"next"]
    assert faults(ledger) == []


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_a_person_brought_comes_back_as_it_was_given(body: bytes, ledger: Ledger) -> None:
    brought = capture("urn:xunjian:letters:szxx:2026-11-20", body)
    keep(ledger, brought, capture(URL, b"next"))
    assert bodies(ledger) == [body, b"next"]
    assert faults(ledger) == []
    first = next(iter(ledger.evidence_links()))
    headers = {"content-type": "text/html"}
    assert ledger.evidence.capture(first) == replace(brought, headers=headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Encoding": "gzip", "Transfer-Encoding": "chunked", "Content-Length": "3"},
        {"content-encoding": "br"},
        {"X-Name": "海安", "X-Empty": "", "X-Long": "x" * 9000},
        {"Content-Disposition": 'attachment; filename="\xe6\xb5.html"', "X": "a\r\nInjected: b"},
    ],
)
def test_no_header_changes_the_body(headers: dict[str, str], ledger: Ledger) -> None:
    keep(ledger, Capture(URL, MORNING, 200, headers, b"<html>body</html>"))
    assert bodies(ledger) == [b"<html>body</html>"]
    assert faults(ledger) == []


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.cn/政务/公开?页=1#顶",
        "http://a.cn/%E6%94%BF?a=1&b=2",
        "http://a.cn/a b",
        "http://a.cn/<script>",
        "<http://a.cn/>",
        "http://a.cn/" + "x" * 9000,
        "http://a.cn/\ud800",
    ],
)
def test_any_address_keeps_the_chain_whole(url: str, ledger: Ledger) -> None:
    keep(ledger, capture(url, b"x"))
    assert faults(ledger) == []


@pytest.mark.parametrize("status", [200, 304, 404, 503, 0])
def test_any_status_is_kept(status: int, ledger: Ledger) -> None:
    keep(ledger, Capture(URL, MORNING, status, {}, b"x"))
    assert faults(ledger) == []


def test_a_time_in_another_zone_is_the_same_time(ledger: Ledger) -> None:
    shanghai = timezone(timedelta(hours=8))
    keep(ledger, capture(URL, b"x", MORNING.astimezone(shanghai) + timedelta(microseconds=7)))
    assert faults(ledger) == []
    (link,) = ledger.evidence_links()
    assert link.at == MORNING + timedelta(microseconds=7)


def test_a_visit_names_the_file_and_the_record_of_its_own_page(
    ledger: Ledger, tmp_path: Path
) -> None:
    named = keep(ledger, capture(URL, b"list"), capture(URL + "article", b"article"))
    path, _, record = named.partition("#")
    (first, second) = ledger.evidence_links()
    assert (tmp_path / path, record) == (warcs(tmp_path)[0], first.record_id)
    assert ledger.evidence.read(first.warc, first.offset) == (first.record_id, b"list")
    assert ledger.evidence.read(second.warc, second.offset) == (second.record_id, b"article")
    assert path == "evidence/2026/11/run-000001-20261120.warc.gz"


def test_a_look_that_got_no_page_has_no_evidence(ledger: Ledger, tmp_path: Path) -> None:
    look(ledger, MORNING, Outcome.UNREACHABLE)
    assert last(ledger, MORNING).evidence is None
    assert warcs(tmp_path) == []
    assert faults(ledger) == []


def test_the_file_is_one_that_other_warc_tools_can_read(ledger: Ledger, tmp_path: Path) -> None:
    keep(ledger, capture(URL, b"one"), capture(URL, b"two"))
    whole = gzip.decompress(warcs(tmp_path)[0].read_bytes())
    assert whole.count(b"WARC/1.0\r\n") == 2
    assert b"WARC-Target-URI: https://www.example.cn/news/\r\n" in whole
    assert b"WARC-Date: 2026-11-20T02:00:00Z\r\n" in whole
    assert b"HTTP/1.1 200" in whole


@pytest.fixture
def chain(ledger: Ledger) -> Ledger:
    """Five links: two runs on two days, two files."""
    run = ledger.start_run(1, MORNING)
    for n in range(3):
        pages = (capture(f"{URL}{n}", b"page %d" % n),)
        look(ledger, MORNING + n * HOUR, Outcome.EMPTY, run=run, captures=pages)
    late = MORNING + DAY
    keep(ledger, capture(URL + "3", b"page 3", late), capture(URL + "4", b"4", late), at=late)
    assert faults(ledger) == []
    return ledger


@pytest.mark.sqlite("of files alone")
def test_no_changed_byte_of_a_file_goes_unnamed(ledger: Ledger, tmp_path: Path) -> None:
    keep(ledger, capture(URL, b"hello"), capture(URL, b"world"))
    (path,) = warcs(tmp_path)
    whole = path.read_bytes()
    content = gzip.decompress(whole)
    unnamed = set()
    for place, byte in enumerate(whole):
        flipped = bytes([byte ^ 1 << place % 8])
        path.write_bytes(whole[:place] + flipped + whole[place + 1 :])
        if not faults(ledger):
            unnamed.add(place)
            assert gzip.decompress(path.read_bytes()) == content
    # Only gzip's words of time and system, and the padding after its last code, are free.
    second = [link.offset for link in ledger.evidence_links()][1]
    words = {start + n for start in (0, second) for n in range(3, 10)}
    assert unnamed <= words | {second - 9, len(whole) - 9}


def test_a_body_exchanged_with_care_is_named(chain: Ledger, tmp_path: Path) -> None:
    (first, _) = warcs(tmp_path)
    whole = gzip.decompress(first.read_bytes())
    links = list(chain.evidence_links())[:3]
    records = [b"WARC/1.0" + part for part in whole.split(b"WARC/1.0")[1:]]
    forged = [record.replace(b"page 0", b"PAGE 0") for record in records]
    offset = 0
    with first.open("wb") as file, chain.writing() as session:
        for link, record in zip(links, forged, strict=True):
            # Digests that would give it away are left out, offsets put right.
            plain = b"\r\n".join(line for line in record.split(b"\r\n") if b"-Digest:" not in line)
            session.execute(
                text('UPDATE evidence SET "offset" = :o WHERE id = :i'),
                {"o": offset, "i": link.id},
            )
            offset += file.write(gzip.compress(plain))
    assert faults(chain) == [f"证据 1：内容与登记的 SHA-256 不符（{links[0].warc} 偏移 0）"]


def test_an_address_or_a_time_exchanged_in_the_file_is_named(
    ledger: Ledger, tmp_path: Path
) -> None:
    keep(ledger, capture(URL, b"hello"))
    (path,) = warcs(tmp_path)
    whole = path.read_bytes()
    for old, new in (
        (b"www.example.cn", b"www.elsewhere.cn"),
        (b"2026-11-20T02", b"2026-11-19T02"),
        (b"urn:uuid:", b"urn:xxxx:"),
    ):
        content = gzip.decompress(whole)
        assert old in content
        path.write_bytes(gzip.compress(content.replace(old, new)))
        (told,) = faults(ledger)
        assert told.startswith("证据 1：")
        assert "不符" in told


CHANGES = {
    "url": "'https://elsewhere.cn/'",
    "subject": "'column:elsewhere'",
    "at": "'2026-11-19 00:00:00.000000'",
    "sha256": "'" + "0" * 64 + "'",
    "chain": "'" + "0" * 64 + "'",
    "record_id": "'urn:uuid:0'",
    "warc": "'2026/11/none.warc.gz'",
}


@pytest.mark.parametrize("column", CHANGES)
@pytest.mark.parametrize("row", [1, 3, 5])
def test_a_changed_row_is_named(column: str, row: int, chain: Ledger) -> None:
    with chain.writing() as session:
        session.execute(text(f"UPDATE evidence SET {column} = {CHANGES[column]} WHERE id = {row}"))  # noqa: S608
    told = faults(chain)
    assert told
    assert told[0].startswith(f"证据 {row}：")
    allowed = {row, row + 1} if column == "chain" else {row}
    assert {int(line.split("：")[0].removeprefix("证据 ")) for line in told} <= allowed


@pytest.mark.parametrize("offset", [0, 1, 10**9])
def test_an_answer_is_found_by_its_number_wherever_it_lies_in_its_file(
    offset: int, chain: Ledger
) -> None:
    held = bodies(chain)
    with chain.writing() as session:
        session.execute(text(f'UPDATE evidence SET "offset" = {offset}'))  # noqa: S608
    assert faults(chain) == []
    assert [chain.evidence.capture(link).body for link in chain.evidence_links()] == held


def without_references(ledger: Ledger, statement: str) -> None:
    off = {
        "sqlite": "PRAGMA foreign_keys = OFF",
        "postgresql": "SET session_replication_role = replica",
    }
    with ledger.engine.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute(off[connection.dialect.name])
        raw.execute(statement)
        raw.commit()
    ledger.engine.dispose()


@pytest.mark.parametrize("row", [1, 2, 4])
def test_a_row_taken_out_is_named_at_the_next(row: int, chain: Ledger) -> None:
    without_references(chain, f"DELETE FROM evidence WHERE id = {row}")  # noqa: S608
    (told,) = faults(chain)
    assert told.startswith(f"证据 {row + 1}：链值不符")


def test_two_rows_exchanged_are_named(chain: Ledger) -> None:
    without_references(chain, "UPDATE evidence SET id = 99 WHERE id = 2")
    without_references(chain, "UPDATE evidence SET id = 2 WHERE id = 3")
    without_references(chain, "UPDATE evidence SET id = 3 WHERE id = 99")
    assert [line.split("：")[1][:4] for line in faults(chain)] == ["链值不符"] * 3


def test_a_missing_file_is_named_for_every_record_it_held(chain: Ledger, tmp_path: Path) -> None:
    first, _ = warcs(tmp_path)
    first.unlink()
    told = faults(chain)
    assert [line.split("：")[0] for line in told] == ["证据 1", "证据 2", "证据 3"]
    assert all("无法读取" in line and first.name in line for line in told)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda _: b"",
        lambda whole: whole[:-1],
        lambda whole: whole[: len(whole) // 2],
        lambda whole: b"\0" * len(whole),
        lambda whole: b"shift" + whole,
        lambda whole: gzip.decompress(whole),
        lambda _: gzip.compress(b"not a warc" * 200),
    ],
    ids="emptied cut halved zeroed shifted unpacked other".split(),
)
def test_a_file_cut_or_overwritten_is_named_and_never_ends_the_walk(
    spoil: Callable[[bytes], bytes], chain: Ledger, tmp_path: Path
) -> None:
    first, _ = warcs(tmp_path)
    first.write_bytes(spoil(first.read_bytes()))
    told = faults(chain)
    assert told
    assert {line.split("：")[0] for line in told} <= {"证据 1", "证据 2", "证据 3"}
    assert "证据 3" in told[-1]


def test_what_a_crash_left_half_written_disturbs_nothing(ledger: Ledger, tmp_path: Path) -> None:
    run = ledger.start_run(1, MORNING)
    look(ledger, MORNING, run=run, captures=(capture(URL, b"before"),))
    with warcs(tmp_path)[0].open("ab") as file:
        file.write(gzip.compress(b"WARC/1.0\r\nWARC-Type: response")[:-9])
    look(ledger, MORNING + HOUR, run=run, captures=(capture(URL, b"after"),))
    assert faults(ledger) == []
    assert bodies(ledger) == [b"before", b"after"]


KILLED = """
import os, signal, sys
from pathlib import Path
from storage.ledger import Ledger, recording
from tests.storage.make import MORNING, HOUR, capture, look

ledger = Ledger.open(sys.argv[1], Path(sys.argv[2]))
look(ledger, MORNING, run=1, captures=(capture("http://a.cn/", b"kept"),))
recording.{place} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
look(ledger, MORNING + HOUR, run=1, captures=(capture("http://a.cn/", b"lost"),))
"""


@pytest.mark.parametrize(
    "place", ["append_evidence", "visit_values", "append_items", "append_letters"]
)
def test_a_kill_between_file_and_database_leaves_a_chain_that_holds(
    place: str, ledger: Ledger, tmp_path: Path
) -> None:
    ledger.start_run(1, MORNING)
    root = Path(__file__).parents[2]
    code = KILLED.format(place=place)
    command = [sys.executable, "-c", code, address(tmp_path), str(tmp_path / "evidence")]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, check=False
    )
    assert done.returncode == -signal.SIGKILL

    again = open_ledger(tmp_path)
    assert faults(again) == []
    assert bodies(again) == [b"kept"]
    assert last(again, MORNING + DAY).observed_at == MORNING
    look(again, MORNING + DAY, run=1, captures=(capture(URL, b"next"),))
    assert faults(again) == []
    assert bodies(again) == [b"kept", b"next"]
    assert gzip.decompress(warcs(tmp_path)[0].read_bytes()).count(b"lost") == 1
    again.close()


def test_a_visit_whose_evidence_cannot_be_written_is_not_written(
    ledger: Ledger, tmp_path: Path
) -> None:
    (tmp_path / "evidence").write_text("in the way")
    with pytest.raises(OSError, match="evidence"):
        look(ledger, MORNING, captures=(capture(URL, b"x"),))
    assert ledger.histories([COLUMN], MORNING + DAY) == {}


def test_a_long_chain_is_read_in_portions_without_a_gap(ledger: Ledger) -> None:
    run = ledger.start_run(1, MORNING)
    pages = tuple(capture(f"{URL}{n}", b"%d" % n) for n in range(1201))
    look(ledger, MORNING, run=run, captures=pages)
    assert bodies(ledger) == [b"%d" % n for n in range(1201)]
    assert faults(ledger) == []
