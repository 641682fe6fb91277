"""What a person gives as evidence: words, or a file that is copied and named by its SHA-256."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from storage.attachments import keep_file

LONGEST_PATH = 1000
FILES = re.compile(
    r"\.(?:png|jpe?g|gif|bmp|webp|heic|pdf|docx?|xlsx?|pptx?|wps|et|txt|csv|html?|eml|mp4|zip)$",
    re.I,
)


def proof_faults(text: str) -> Iterator[str]:
    """What is wrong with it? It looks like the name of a file, and there is no such file."""
    if _is_path(text) and _file(text) is None:
        yield f"证据（--evidence）：文件不存在：{text}"


def kept_proof(evidence: Path, text: str) -> str:
    """The words a record keeps: those given, or those that name the copy of the file given.

    Raises OSError when the file cannot be read or the disk refuses.
    """
    file = _file(text)
    return keep_file(evidence, file) if file else text.strip()


def _is_path(text: str) -> bool:
    """Does this look like the name of a file, rather than like words or a web address?"""
    text = text.strip()
    if "://" in text or "\n" in text or len(text) > LONGEST_PATH:
        return False
    return text.startswith(("/", "./", "../", "~")) or FILES.search(text) is not None


def _file(text: str) -> Path | None:
    """The file that is meant, if there is one: words are words even where they are long."""
    text = text.strip()
    if "\n" in text or len(text) > LONGEST_PATH:
        return None
    try:
        path = Path(text).expanduser()
        return path if path.is_file() else None
    except (OSError, RuntimeError):
        # Too long for a name, or a home directory nobody has: no file.
        return None
