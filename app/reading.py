"""The readers on saved pages, without a database: `xunjian read`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from app.settings import SettingsError
from crawler.readers.choose import read_page
from crawler.readers.page import Page

KINDS = ("list", "home", "article", "wechat", "letters", "feed")


def read_file(file: Path, kind: str, url: str, today: date) -> dict[str, object]:
    """What the readers make of one saved page. Raises SettingsError, OSError."""
    if kind not in KINDS:
        raise SettingsError(f"--as {kind}：应为 {'、'.join(KINDS)} 之一")
    if not file.is_file():
        raise SettingsError(f"{file}：文件不存在")
    return read_page(kind, Page(url=url, body=file.read_bytes(), today=today))


def read_manifest(manifest: Path, today: date) -> Iterator[dict[str, object]]:
    """One answer for each row `{file, kind, url, today}`, in order.

    Paths are relative to the manifest, else to the working directory. A row that cannot be
    read gives `{"error": …}` in its place, so that rows stay aligned.
    """
    if not manifest.is_file():
        raise SettingsError(f"{manifest}：文件不存在")
    with manifest.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield _read_row(manifest.parent, number, line, today)


def _read_row(folder: Path, number: int, line: str, today: date) -> dict[str, object]:
    try:
        row = json.loads(line)
        day = date.fromisoformat(row["today"]) if row.get("today") else today
        beside = folder / row["file"]
        file = beside if beside.is_file() else Path(row["file"])
        answer = read_file(file, row["kind"], row.get("url") or "", day)
    except Exception as error:  # noqa: BLE001 - told in the row's place, whatever it is
        return {"error": f"第{number}行：{type(error).__name__}: {error}"}
    return {"file": row["file"], **answer}
