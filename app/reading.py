"""The readers on saved pages, without a database: `xunjian read`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from app.settings import SettingsError
from app.show import Sheet
from crawler.readers.choose import read_page
from crawler.readers.page import Page
from storage.selectors import checked_selectors, selector_parts

KINDS = ("list", "home", "article", "wechat", "letters", "feed")


ITEM_HEADS = {
    "date": "日期",
    "date_text": "原文",
    "weighed": "见到的日期（可信的在前）",
    "title": "标题",
    "why": "说明",
}
LETTER_HEADS = {
    "ref": "编号",
    "received": "来信日期",
    "accepted": "受理日期",
    "replied": "答复日期",
    "unit": "单位",
    "status": "状态",
    "title": "标题",
}


def read_file(
    file: Path, kind: str, url: str, today: date, selectors: str | None = None
) -> dict[str, Any]:
    """What the readers make of one saved page. Raises SettingsError, OSError.

    `selectors` are tried on a list as the register's field of that name would be.
    """
    if kind not in KINDS:
        raise SettingsError(f"--as {kind}：应为 {'、'.join(KINDS)} 之一")
    if not file.is_file():
        raise SettingsError(f"{file}：文件不存在")
    if selectors is not None and kind != "list":
        raise SettingsError("--selectors：只用于 --as list")
    page = Page(url=url, body=file.read_bytes(), today=today)
    return read_page(kind, page, _checked(selectors))


def _checked(selectors: str | None) -> dict[str, str] | None:
    try:
        return selector_parts(checked_selectors(selectors)) if selectors is not None else None
    except ValueError as error:
        raise SettingsError(f"--selectors：{error}") from error


def reading_sheet(answer: Mapping[str, Any]) -> Sheet:
    """The same answer as rows for a person: each item, or the article, with all its dates."""
    listed = answer.get("items") or answer.get("letters")
    rows = [answer] if listed is None else listed
    heads = LETTER_HEADS if "letters" in answer else ITEM_HEADS
    told = [{**row, "weighed": weighed_words(row.get("candidates", []))} for row in rows]
    return Sheet(answer, told, heads, {})


def weighed_words(candidates: Sequence[Mapping[str, Any]]) -> str:
    """All dates that were weighed, best first, in one cell."""
    told = ((each["date"] or each["date_text"], each["rule"]) for each in candidates)
    return "；".join(f"{shown}（{rule}）" for shown, rule in told)


def summary_line(answer: Mapping[str, Any]) -> str:
    """What the page was, why it was read so, and how many addresses name another day."""
    line = f"{answer['outcome']}：{answer['why']}"
    odd = answer.get("conflicts")
    return f"{line}；{odd}条的网址日期与列表日期不一致，请核对" if odd else line


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
