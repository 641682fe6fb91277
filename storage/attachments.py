"""Files that persons give as evidence: kept under their own SHA-256, so that each can be checked.

They lie in `hand/` below the evidence folder. A file is on disk before the record that names it.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

FOLDER = "hand"
_SUFFIX = re.compile(r"\.[a-z0-9]{1,10}")
_KEPT = re.compile(rf"evidence/{FOLDER}/([0-9a-f]{{64}})((?:\.[a-z0-9]{{1,10}})?)(?![.0-9a-z])")
_RECORD = re.compile(_KEPT.pattern + r"（原文件名：(.*)，SHA-256：[0-9a-f]{64}）")


def keep_file(evidence: Path, file: Path) -> str:
    """Copy a file into the evidence; returns the words by which a record names the copy.

    Raises OSError when it cannot be read or the disk refuses.
    """
    folder = evidence / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    # Of this thread alone: pages take several files at once.
    copied = folder / f".copying-{os.getpid()}-{threading.get_ident()}"
    try:
        with file.open("rb") as original, copied.open("wb") as copy:
            shutil.copyfileobj(original, copy)
            copy.flush()
            os.fsync(copy.fileno())
        # What is hashed is what is kept: the original may change meanwhile.
        sha256 = _sha256(copied)
        suffix = file.suffix.lower()
        kept = f"{sha256}{suffix if _SUFFIX.fullmatch(suffix) else ''}"
        copied.replace(folder / kept)
    finally:
        copied.unlink(missing_ok=True)
    return f"evidence/{FOLDER}/{kept}（原文件名：{file.name}，SHA-256：{sha256}）"


def check_files(evidence: Path, records: Iterable[str]) -> Iterator[str]:
    """One sentence for every file that these records name and that is missing or altered."""
    named = {match.groups() for text in records for match in _KEPT.finditer(text)}
    for sha256, suffix in sorted(named):
        path = evidence / FOLDER / f"{sha256}{suffix}"
        if not path.is_file():
            yield f"所附文件 {path.name}：文件不存在"
        elif _sha256(path) != sha256:
            yield f"所附文件 {path.name}：内容与登记的 SHA-256 不符"


def names_a_file(text: str) -> bool:
    """Would these words, in a record, be taken for the name of a copy?"""
    return _KEPT.search(text) is not None


@dataclass(frozen=True, slots=True)
class Kept:
    """A copy that a record names: where it lies, under which name it was given, its SHA-256."""

    path: Path
    original: str
    sha256: str


def kept_file(evidence: Path, record: str) -> Kept | None:
    """Which copy does a record name? None: the record is words."""
    match = _RECORD.fullmatch(record)
    if match is None:
        return None
    sha256, suffix, original = match.groups()
    return Kept(evidence / FOLDER / f"{sha256}{suffix}", original, sha256)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
