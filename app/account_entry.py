"""The weekly entry by hand: an account's last post as a person saw it, with a screenshot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from app.account_words import (
    account_id,
    accounts_of,
    contradictions,
    history_of,
    unknown_account,
    urn,
)
from app.hands import HandError
from checks.accounts import FIGURES
from checks.facts import Item, Method, Outcome
from checks.freshness import local_day
from checks.marks import without_numbers
from storage.cells import address
from storage.clock import now
from storage.evidence import Capture
from storage.ledger import Ledger, Note, Sighting

MOST = 20 * 2**20
UNNAMED = "人工登记的最近一次发布"
EXPECTED = "应为 png、jpg、webp、bmp 图片或 PDF"


@dataclass(frozen=True, slots=True)
class Said:
    """What was typed. `last_post` None: the account shows no post at all."""

    account: str
    last_post: date | None
    evidence: Path
    by: str
    title: str | None = None
    url: str | None = None
    seen_on: date | None = None
    figures: Mapping[str, int | None] | None = None
    deleted: bool = False


def record(ledger: Ledger, said: Said) -> Sighting:
    """Write down what a person saw. Raises HandError naming everything at fault."""
    present = now()
    today = local_day(present)
    seen_on = said.seen_on or today
    accounts = accounts_of(ledger)
    account = accounts.get(account_id(said.account))
    faults = list(_faults(said, seen_on, today))
    if account is None:
        faults.insert(0, unknown_account(said.account, accounts))
    else:
        history = history_of(ledger, account, present)
        faults += contradictions(history, said.last_post, seen_on, deleted=said.deleted)
    shot = _screenshot(said.evidence, faults)
    if faults or account is None:
        raise HandError("\n".join(faults))
    sighting = Sighting(
        subject=account.key,
        observed_at=present,
        outcome=Outcome.OK if said.last_post else Outcome.EMPTY,
        items=_items(said),
        note=_note(said, shot),
        captures=(
            Capture(
                url=urn(Method.MANUAL, account, seen_on),
                at=present,
                status=200,
                headers={"Content-Type": picture_kind(shot) or ""},
                body=shot,
            ),
        ),
        notes=_figures(said, seen_on),
        method=Method.MANUAL,
        by=said.by.strip(),
        shown_to=seen_on,
    )
    ledger.bring(sighting)
    return sighting


def _faults(said: Said, seen_on: date, today: date) -> Iterator[str]:
    if not said.by.strip():
        yield "登记人（--by）：不能为空"
    if seen_on > today:
        yield f"查看日期（--seen-on）：{seen_on} 尚未到来"
    if said.last_post is not None and said.last_post > seen_on:
        yield f"最近发布日期（--last-post）：{said.last_post} 晚于查看日期 {seen_on}"
    if said.last_post is None and (said.title or said.url):
        yield "没有任何内容（--no-posts）的，不能再写 --title 或 --url"
    if said.url is not None:
        try:
            address(said.url)
        except ValueError as error:
            yield f"网址（--url）：{said.url!r}，{error}"


def _screenshot(file: Path, faults: list[str]) -> bytes:
    try:
        with file.open("rb") as opened:
            body = opened.read(MOST + 1)
    except FileNotFoundError:
        faults.append(f"截图（--evidence）：文件不存在：{file}")
        return b""
    except OSError as error:
        faults.append(f"截图（--evidence）：文件无法读取：{file}（{error.strerror}）")
        return b""
    if not body:
        faults.append(f"截图（--evidence）：文件是空的：{file}")
    elif len(body) > MOST:
        faults.append(f"截图（--evidence）：{file} 超过 {MOST // 2**20} MB")
    elif picture_kind(body) is None:
        faults.append(f"截图（--evidence）：{file} 的内容不是截图，{EXPECTED}")
    return body


def picture_kind(body: bytes) -> str | None:
    """Which kind of picture is this, by its first bytes? A file's name proves nothing."""
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if body.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image/webp"
    if body[:2] == b"BM" and body[6:10] == b"\0\0\0\0":
        return "image/bmp"
    return "application/pdf" if body.startswith(b"%PDF-") else None


def _items(said: Said) -> tuple[Item, ...]:
    """One item; its day is a person's word, which no source of dates names."""
    if said.last_post is None:
        return ()
    title = " ".join((said.title or "").split()) or UNNAMED
    return (Item(title, said.url, said.last_post, str(said.last_post), None),)


def _note(said: Said, shot: bytes) -> str:
    digest = hashlib.sha256(shot).hexdigest()
    confirmed = "；登记人确认较新的内容已删除" if said.deleted else ""
    return f"截图原文件名：{without_numbers(said.evidence.name)}，SHA-256：{digest}{confirmed}"


def _figures(said: Said, seen_on: date) -> tuple[Note, ...]:
    told = dict(said.figures or {})
    if all(count is None for count in told.values()):
        return ()
    names = ("followers", "posts", "comments", "replies")
    # Of which days comments are, nobody said: such numbers are of all time.
    facts = {**{name: told.get(name) for name in names}, "since": None, "until": str(seen_on)}
    return (Note(FIGURES, str(Method.MANUAL), Outcome.OK, facts),)


def told(sighting: Sighting, account: str) -> str:
    """What was written down, in a line for the person who typed it."""
    last = sighting.items[0].published_on if sighting.items else None
    posted = f"最近一次发布 {last}" if last else "没有任何内容"
    return f"账号 {account}：{posted}，查看日期 {sighting.shown_to}，登记人 {sighting.by}"
