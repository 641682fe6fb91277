"""Evidence: every answer a verdict may rest on, kept as WARC, linked in a hash chain."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders

from checks.freshness import local_day
from storage.legible import escaped
from storage.members import find, member
from storage.records import Capture, packed, warc_date

__all__ = ["GENESIS", "Capture", "EvidenceStore", "Link", "Stored", "link"]

GENESIS = "0" * 64
CHECKED = ("WARC-Record-ID", "WARC-Target-URI", "WARC-Date")


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a capture's bytes lie: the file below `evidence/`, the offset, the record's id."""

    capture: Capture
    warc: str
    offset: int
    record_id: str
    sha256: str


def link(previous: str, sha256: str, subject: str, url: str, at: datetime) -> str:
    """The next link: it changes when any earlier byte, subject, address or time did."""
    utc = at.astimezone(UTC).isoformat()
    return hashlib.sha256(f"{previous} {sha256} {subject} {url} {utc}".encode()).hexdigest()


class EvidenceStore:
    """WARC files below one folder, one file a run, appended and flushed to disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(self, captures: Sequence[Capture], run_id: int) -> tuple[Stored, ...]:
        """Append the captures to the run's file, all of them flushed to disk at once.

        Raises OSError when the disk refuses.
        """
        if not captures:
            return ()
        first = captures[0].at
        name = f"{first:%Y}/{first:%m}/run-{run_id:06d}-{first:%Y%m%d}.warc.gz"
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            stored = tuple(_append(file, name, capture) for capture in captures)
            file.flush()
            os.fsync(file.fileno())
        return stored

    def read(self, warc: str, offset: int) -> tuple[str, bytes]:
        """The record's id and body. Raises OSError or ValueError when it cannot be read."""
        headers, _, body = self._record(warc, offset, None)
        return headers[0].strip("<>"), body

    def capture(self, link: Link) -> Capture:
        """The answer that a link of the chain stands for, as it was received.

        Raises OSError or ValueError when it cannot be read, is not what was hashed, or was
        given up after its time.
        """
        if link.removed_at is not None:
            raise ValueError(f"已于 {local_day(link.removed_at)} 按保留期限删除，仅存哈希值")
        _, http, body = self._record(link.warc, link.offset, link.record_id)
        if hashlib.sha256(body).hexdigest() != link.sha256:
            raise ValueError("内容与登记的 SHA-256 不符")
        headers = {name.lower(): value for name, value in http.headers}
        return Capture(link.url, link.at, int(http.get_statuscode()), headers, body)

    def _record(
        self, warc: str, offset: int, record_id: str | None
    ) -> tuple[tuple[str, ...], Any, bytes]:
        """The record of this number; where the file holds none, what lies at the offset."""
        with (self.folder / warc).open("rb") as file:
            found = find(file, offset, record_id) if record_id is not None else None
            content = (found or member(file, offset)).content
        try:
            for record in ArchiveIterator(BytesIO(content), check_digests="raise"):
                body = record.content_stream().read()
                return _headers(content), record.http_headers or _as_answer(record), body
        except ArchiveLoadFailed as error:
            raise ValueError(f"不是 WARC 记录：{error}") from error
        raise ValueError(f"第 {offset} 字节处没有记录")

    def check(
        self, links: Iterable[Link], previous: str = GENESIS, *, bodies: bool = True
    ) -> Iterator[str]:
        """Walk the chain on from `previous`; yield one sentence for every link that does not hold.

        Of what was given up after its time the link alone is left; without `bodies`, of all.
        """
        for item in links:
            if link(previous, item.sha256, item.subject, item.url, item.at) != item.chain:
                yield f"证据 {item.id}：链值不符，此处或之前的记录曾被改动（{item.url}）"
            previous = item.chain
            if bodies and item.removed_at is None:
                yield from self._check_body(item)

    def _check_body(self, item: Link) -> Iterator[str]:
        try:
            headers, _, body = self._record(item.warc, item.offset, item.record_id)
        except (OSError, ValueError) as error:
            yield f"证据 {item.id}：文件 {item.warc} 无法读取（{error}）"
            return
        where = f"{item.warc} 偏移 {item.offset}"
        if hashlib.sha256(body).hexdigest() != item.sha256:
            yield f"证据 {item.id}：内容与登记的 SHA-256 不符（{where}）"
        if headers != (f"<{item.record_id}>", escaped(item.url), warc_date(item.at)):
            yield f"证据 {item.id}：记录号、网址或时间与登记的不符（{where}）"


def _append(file: IO[bytes], name: str, capture: Capture) -> Stored:
    offset = file.seek(0, os.SEEK_END)
    number, record = packed(capture)
    file.write(record)
    return Stored(capture, name, offset, number, hashlib.sha256(capture.body).hexdigest())


@dataclass(frozen=True, slots=True)
class Link:
    """One row of the chain, as the ledger keeps it.

    `offset` is where the record is looked for first; where others before it were given up, it
    is found by its number. `removed_at`: its own bytes were given up then, after their time.
    """

    id: int
    at: datetime
    subject: str
    url: str
    warc: str
    offset: int
    record_id: str
    sha256: str
    chain: str
    removed_at: datetime | None = None


def _as_answer(record: Any) -> StatusAndHeaders:
    kind = record.rec_headers.get_header("Content-Type")
    return StatusAndHeaders("200 -", [("Content-Type", kind)], protocol="HTTP/1.1")


def _headers(member: bytes) -> tuple[str, ...]:
    """A record's own headers, letter for letter: warcio would put an odd address right."""
    lines = member.partition(b"\r\n\r\n")[0].decode(errors="replace").split("\r\n")
    told = dict(line.partition(": ")[::2] for line in lines)
    return tuple(told.get(name, "") for name in CHECKED)
