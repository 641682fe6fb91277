"""The posts of accounts' back ends: rows of an export as items, and what is kept of them.

Only the fields that a template names are taken. Identity-card and mobile numbers in titles are
masked here, so that neither the ledger nor the evidence holds them.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any, TypeVar

from checks.facts import DateSource, Item
from checks.freshness import local_day
from checks.marks import without_numbers
from storage.cells import address
from storage.legible import legible
from storage.sheets import Cell, Sheet, SheetRow, UploadError, fault
from storage.templates import Template, fields_of
from storage.uploads.days import EXPECTED, day_of
from storage.uploads.inert import as_it_was, inert

UNTITLED = "（无标题）"
BLANK = frozenset({"-", "--", "—", "——", "/", "无", "null", "NULL"})
# What the public does not see is no post: a draft would let a silent account seem alive.
HIDDEN = re.compile(
    r"草稿|[未待]发[布表]|待审|审核中|[未不]通过|定时|失败|私密|仅自己|未公开|(?<!未)(?:删除|下架|撤[回销])"
)
SENT = re.compile("已发|成功")
EPOCH = re.compile(r"[0-9]{10}")
COUNT = re.compile(r"[0-9]{1,12}")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Post:
    """One row of an export. `account` is the account's id or name as the row says it."""

    line: int
    item: Item
    account: str | None = None
    comments: int | None = None
    replies: int | None = None


def read_posts(sheet: Sheet, columns: Mapping[str, str], today: date) -> tuple[Post, ...]:
    """Which posts does this export hold, uploaded on the day `today`?

    `columns` gives the head of each field. Raises UploadError with every fault: nothing is taken
    of a file that has one. Rows that the file itself calls drafts, refused or deleted are left out.
    """
    reading = _Reading(columns, today)
    posts = tuple(reading.post(row) for row in sheet.rows if reading.is_public(row))
    if reading.faults:
        raise UploadError(sheet.origin, reading.faults)
    return posts


def posts_csv(posts: Sequence[Post], template: Template) -> bytes:
    """What is kept of an export as evidence: the columns taken and no other, in UTF-8."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    words = {
        name: word
        for name, word in fields_of("posts").items()
        if name in {*template.columns} & {*_KEPT}
    }
    writer.writerow(words.values())
    for post in posts:
        writer.writerow([inert(_KEPT[name](post)) for name in words])
    # With a mark, without which Excel takes Chinese for another encoding.
    return out.getvalue().encode("utf-8-sig")


def kept_items(body: bytes) -> Iterator[Item]:
    """The items of an export again, from what `posts_csv` wrote. Raises ValueError."""
    names = {word: name for name, word in fields_of("posts").items()}
    rows = csv.DictReader(StringIO(body.decode("utf-8-sig"), newline=""))
    for row in rows:
        kept = {names[head]: as_it_was(cell) for head, cell in row.items() if head in names}
        yield _item(kept.get("title"), kept.get("url"), kept["published"])


def figures(posts: Sequence[Post]) -> dict[str, Any] | None:
    """How many comments and replies have these posts, as the facts of a note of `FIGURES`?

    A sum in which one post's number is missing is None. None where nothing is known.
    """
    sums = {name: _sum([getattr(post, name) for post in posts]) for name in ("comments", "replies")}
    days = [day for post in posts if (day := post.item.published_on) is not None]
    if not days or not any(total is not None for total in sums.values()):
        return None
    span = {"since": str(min(days)), "until": str(max(days))}
    return {"followers": None, "posts": None, **sums, **span}


@dataclass(slots=True)
class _Reading:
    """One file being read."""

    columns: Mapping[str, str]
    today: date
    faults: list[str] = field(default_factory=list)

    def is_public(self, row: SheetRow) -> bool:
        """Did the public see it? A state that says nothing of it takes nothing away."""
        state = str(row.cells.get(self.columns.get("state", ""), ""))
        return SENT.search(state) is not None or HIDDEN.search(state) is None

    def post(self, row: SheetRow) -> Post:
        def read(name: str, reader: Callable[[Cell], T], otherwise: T) -> T:
            head = self.columns.get(name, "")
            cell = row.cells.get(head)
            if cell is None or (name != "title" and str(cell) in BLANK):
                return otherwise
            try:
                return reader(cell)
            except ValueError as error:
                self.faults.append(fault(row.line, head, cell, str(error)))
                return otherwise

        published = self.columns["published"]
        if row.cells.get(published) is None or str(row.cells[published]) in BLANK:
            self.faults.append(fault(row.line, published, "", f"必填，{EXPECTED}"))
        on = read("published", self._day, date.min)
        url = read("url", address, None)
        item = _item(read("title", _words, None), url, _words(row.cells.get(published, "")), on)
        return Post(
            line=row.line,
            item=item,
            account=read("account", _words, None),
            comments=read("comments", _count, None),
            replies=read("replies", _count, None),
        )

    def _day(self, cell: Cell) -> date:
        on = _published(cell)
        if on > self.today:
            raise ValueError(f"晚于导入之日 {self.today}，请核对")
        return on


def _item(title: str | None, url: str | None, text: str, on: date | None = None) -> Item:
    on = on or _published(text)
    item = Item(without_numbers(title or UNTITLED), url or None, on, text, DateSource.API)
    return legible(item)


def _published(cell: Cell) -> date:
    """The day of a cell. Epoch seconds are taken, a serial number of Excel is not guessed."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if EPOCH.fullmatch(text := str(cell)):
        return local_day(datetime.fromtimestamp(int(text), UTC))
    return day_of(cell)


def _words(cell: Cell) -> str:
    """A cell's text on one line."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split())


def _count(cell: Cell) -> int:
    text = unicodedata.normalize("NFKC", _words(cell)).replace(",", "")
    if not COUNT.fullmatch(text):
        raise ValueError("应为不小于 0 的整数")
    return int(text)


def _sum(counts: Sequence[int | None]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if known and len(known) == len(counts) else None


_KEPT: Mapping[str, Callable[[Post], Any]] = {
    "title": lambda post: post.item.title,
    "url": lambda post: post.item.url,
    "published": lambda post: post.item.date_text,
    "comments": lambda post: post.comments,
    "replies": lambda post: post.replies,
    "account": lambda post: post.account,
}
