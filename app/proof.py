"""What a person gives as evidence: words, or a file that is copied and named by its SHA-256."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from notify.words import clean
from storage.attachments import keep_file, names_a_file

LONGEST_PATH = 1000
FILES = re.compile(
    r"\.(?:png|jpe?g|gif|bmp|webp|heic|pdf|docx?|xlsx?|pptx?|wps|et|txt|csv|html?|eml|mp4|zip)$",
    re.I,
)
# How files of a kind begin, and at which byte; of the others no beginning is known.
BEGINNINGS: dict[str, tuple[int, tuple[bytes, ...]]] = {
    ".png": (0, (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": (0, (b"\xff\xd8\xff",)),
    ".jpeg": (0, (b"\xff\xd8\xff",)),
    ".gif": (0, (b"GIF8",)),
    ".bmp": (0, (b"BM",)),
    ".webp": (8, (b"WEBP",)),
    ".heic": (4, (b"ftyp",)),
    ".mp4": (4, (b"ftyp",)),
    ".pdf": (0, (b"%PDF-",)),
    ".zip": (0, (b"PK",)),
    **dict.fromkeys((".docx", ".xlsx", ".pptx"), (0, (b"PK",))),
    **dict.fromkeys((".doc", ".xls", ".ppt"), (0, (b"\xd0\xcf\x11\xe0",))),
    **dict.fromkeys((".wps", ".et"), (0, (b"\xd0\xcf\x11\xe0", b"PK"))),
}
MOST_BYTES = 10 * 1024 * 1024
LONGEST_WORDS = 2000
LONGEST_STEM = 40


@dataclass(frozen=True, slots=True)
class Brought:
    """What somebody at a browser gave: words, or the bytes of a file and the name it had there.

    Its words are words even where they are the name of a file: that file is of this machine.
    """

    words: str = ""
    name: str = ""
    body: bytes = b""


def proof_faults(text: str | Brought) -> Iterator[str]:
    """What is wrong with it? It looks like the name of a file, and there is no such file."""
    if isinstance(text, Brought):
        yield from _brought_faults(text)
    elif _is_path(text) and _file(text) is None:
        yield f"证据（--evidence）：文件不存在：{text}"


def kept_proof(evidence: Path, text: str | Brought) -> str:
    """The words a record keeps: those given, or those that name the copy of the file given.

    Raises OSError when the file cannot be read or the disk refuses.
    """
    if isinstance(text, Brought):
        return _kept_brought(evidence, text)
    file = _file(text)
    return keep_file(evidence, file) if file else text.strip()


def _brought_faults(given: Brought) -> Iterator[str]:
    if given.name and given.words.strip():
        yield "证据：文字与文件只能给出一种，所见情况可写入说明"
    if names_a_file(given.words):
        yield "证据：文字中不能写证据目录内的文件名，请直接选择文件"
    if len(given.words) > LONGEST_WORDS:
        yield f"证据：文字应不超过{LONGEST_WORDS}个字"
    if not given.name:
        return
    suffix = Path(given.name).suffix.lower()
    start, known = BEGINNINGS.get(suffix, (0, (b"",)))
    if len(given.body) > MOST_BYTES:
        yield f"证据文件：应不超过{MOST_BYTES // 1024**2} MB"
    elif not given.body:
        yield "证据文件：文件是空的"
    elif not FILES.search(given.name):
        yield "证据文件：应为图片、PDF、办公文档、文本、网页、邮件、MP4 或 ZIP 文件"
    elif not given.body[start:].startswith(known):
        yield f"证据文件：内容不是 {suffix} 文件，请核对后重新选择"


def _kept_brought(evidence: Path, given: Brought) -> str:
    if not given.name:
        return clean(given.words)
    # The name is foreign: it names the copy in words, and says of what kind it is.
    path = Path(re.sub(r'[\\/:*?"<>|\s]', "_", clean(given.name)))
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"{path.stem[:LONGEST_STEM]}{path.suffix.lower()}"
        file.write_bytes(given.body)
        return keep_file(evidence, file)


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
