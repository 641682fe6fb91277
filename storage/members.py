"""The gzip members of a WARC file, one a record: found by their number, and put into a new file."""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

RECORD_ID = b"WARC-Record-ID: <"


@dataclass(frozen=True, slots=True)
class Member:
    """One record, `packed` as it lies in the file and as `content`."""

    packed: bytes
    content: bytes


def member(file: IO[bytes], offset: int) -> Member:
    """The record at an offset, its checksum compared: warcio would read on over a damaged one.

    Raises ValueError when there is none, or a damaged one.
    """
    file.seek(offset)
    inflate = zlib.decompressobj(wbits=31)
    packed, content = [], []
    while not inflate.eof:
        portion = file.read(2**16)
        if not portion:
            raise ValueError("记录不完整")
        packed.append(portion)
        try:
            content.append(inflate.decompress(portion))
        except zlib.error as error:
            raise ValueError(f"压缩数据已损坏：{error}") from error
    whole = b"".join(packed)
    return Member(whole[: len(whole) - len(inflate.unused_data)], b"".join(content))


def find(file: IO[bytes], offset: int, record_id: str) -> Member | None:
    """The record of this number, looked for at the offset first; None: the file holds none."""
    for start in (offset, 0):
        place = start
        try:
            while True:
                found = member(file, place)
                if _number(found) == record_id:
                    return found
                if start:
                    break
                place += len(found.packed)
        except ValueError:
            continue  # The end of the file, or of what can be read of it.
    return None


def rewrite(path: Path, stay: Iterable[tuple[int, str]]) -> dict[str, int]:
    """Leave only these records in a file, by offset and number; where does each lie then?

    The new file takes the old one's place at once, so that a crash leaves the one or the other;
    with no record there is no file. Raises OSError, or ValueError where one that stays cannot
    be read: the file then is as it was.
    """
    wanted = sorted(stay)
    if not wanted:
        path.unlink(missing_ok=True)
        return {}
    partial = path.with_name(f".{path.name}.partial")
    offsets = {}
    try:
        with path.open("rb") as old, partial.open("wb") as new:
            for offset, record_id in wanted:
                found = find(old, offset, record_id)
                if found is None:
                    raise ValueError(f"记录 {record_id} 无法读取")
                offsets[record_id] = new.tell()
                new.write(found.packed)
            new.flush()
            os.fsync(new.fileno())
        # Its time stays that of the last look in it: nothing was added.
        shutil.copystat(path, partial)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    _settle(path.parent)
    return offsets


def _settle(folder: Path) -> None:
    """The new name must reach the disk before the database says where records lie in it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _number(found: Member) -> str:
    head = found.content.partition(b"\r\n\r\n")[0]
    return head.partition(RECORD_ID)[2].partition(b">")[0].decode(errors="replace")
