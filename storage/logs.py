"""Log lines: one record is one line, as words or as JSON, and holds no secret.

The service and the process that crawls for it write the same form: what was chosen is handed over
with the order (`handed_over`, `take_over`).
"""

from __future__ import annotations

import json
import logging
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler, WatchedFileHandler
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from checks.marks import without_numbers
from storage.legible import escaped

Form = Literal["text", "json"]
OURS = ("xunjian", "app", "crawler", "notify", "storage")
FIELDS = ("task", "run", "subject")  # what a record may carry beside its words, by `extra`
_BEIJING = ZoneInfo("Asia/Shanghai")
_IN_ADDRESSES = re.compile(r"(access_token=)[^&\s<>\"')]+|(://[^/\s:@]*:)[^@\s/]+(?=@)")
_SECRET_NAMES = re.compile(r"XUNJIAN_.*(PASSWORD|SECRET|TOKEN|WEBHOOK|KEY)")
_SHORTEST_SECRET = 6


@dataclass(frozen=True, slots=True)
class Logging:
    """How this process logs. `level` is that of our own loggers; others are heard from WARNING.

    `file` empty: stderr. `max_bytes` and `keep` bound it; 0: another process turns it over.
    """

    form: Form = "text"
    level: str = "WARNING"
    file: str = ""
    max_bytes: int = 0
    keep: int = 0


_chosen = Logging()
_handler: logging.Handler | None = None


def begin(chosen: Logging) -> None:
    """Log in this way from now on. Raises OSError when the file cannot be written."""
    global _chosen, _handler
    handler = _handler_of(chosen)
    handler.setFormatter(_JsonLine() if chosen.form == "json" else _TextLine())
    handler.addFilter(_heard)
    root = logging.getLogger()
    if _handler is not None:
        root.removeHandler(_handler)
        _handler.close()
    root.addHandler(handler)
    for name in OURS:
        logging.getLogger(name).setLevel(chosen.level)
    _chosen, _handler = chosen, handler


def handed_over() -> dict[str, Any]:
    """What a process started by this one is to be told, as plain data."""
    return {**asdict(_chosen), "level": "WARNING", "max_bytes": 0, "keep": 0}


def take_over(told: Mapping[str, Any]) -> None:
    """Log as the process that started this one; what ends this one is a line of the log too."""
    begin(Logging(**told))
    sys.excepthook = _uncaught


def masked(text: str) -> str:
    """The same text with `***` for access tokens, passwords in addresses, what the environment
    holds as secret, and for numbers of persons."""
    text = _IN_ADDRESSES.sub(lambda found: f"{found[1] or found[2]}***", text)
    for secret in secrets():
        text = text.replace(secret, "***")
    return without_numbers(text)


def secrets() -> list[str]:
    """What does the environment hold that no log, file or message may say? Longest first."""
    held = [value for name, value in os.environ.items() if _SECRET_NAMES.fullmatch(name)]
    return sorted((each for each in held if len(each) >= _SHORTEST_SECRET), key=len, reverse=True)


def _handler_of(chosen: Logging) -> logging.Handler:
    if not chosen.file:
        return logging.StreamHandler(sys.stderr)
    Path(chosen.file).parent.mkdir(parents=True, exist_ok=True)
    if not chosen.max_bytes:
        # The file may be turned over at any time: its name, not the open file, says where to write.
        return WatchedFileHandler(chosen.file, encoding="utf-8")
    return RotatingFileHandler(
        chosen.file, maxBytes=chosen.max_bytes, backupCount=chosen.keep, encoding="utf-8"
    )


def _heard(record: logging.LogRecord) -> bool:
    """Loggers of libraries are heard from WARNING, whatever level they set themselves."""
    return record.levelno >= logging.WARNING or record.name.split(".")[0] in OURS


def _uncaught(kind: Any, error: Any, trace: Any) -> None:
    logging.getLogger("xunjian").critical("ended by a fault", exc_info=(kind, error, trace))


class _TextLine(logging.Formatter):
    """Level, logger and words, as a person reads them on stderr."""

    def format(self, record: logging.LogRecord) -> str:
        fields = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        tail = f" [{fields}]" if fields else ""
        return escaped(masked(f"{record.levelname} {record.name}: {_words(record)}{tail}"))


class _JsonLine(logging.Formatter):
    """Time in Beijing, level, logger, words, fields."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone(_BEIJING)
        line = {
            "time": at.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(_words(record)),
            **{name: masked(value) for name, value in _fields(record).items()},
        }
        return escaped(json.dumps(line, ensure_ascii=False))


def _fields(record: logging.LogRecord) -> dict[str, str]:
    held = {name: getattr(record, name, None) for name in FIELDS}
    return {name: str(value) for name, value in held.items() if value is not None}


def _words(record: logging.LogRecord) -> str:
    words = record.getMessage()
    if record.exc_info:
        words += "\n" + logging.Formatter().formatException(record.exc_info)
    return words
