"""An export of accounts' back ends: read whole, compared with what is known, then written once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from app.account_words import (
    account_id,
    accounts_of,
    contradictions,
    history_of,
    newest_known,
    told_by,
    unknown_account,
    urn,
)
from app.home import Home
from checks.accounts import FIGURES
from checks.facts import History, Method, Outcome
from checks.freshness import local_day
from checks.marks import without_numbers
from checks.subjects import Subject
from storage.clock import now
from storage.evidence import Capture
from storage.ledger import Ledger, Note, Sighting
from storage.sheets import (
    ReadSheet,
    Sheet,
    UploadError,
    fault,
    read_sheet,
    same_head,
    told_heads,
)
from storage.templates import FOLDER, Kind, Template, fields_of, fit, guess, heads_of, load, save
from storage.uploads.posts import Post, figures, posts_csv, read_posts

KIND: Kind = "posts"
NONE_FOUND = "文件中没有内容；后台确实没有任何内容的，加 --nothing"
SOME_FOUND = "文件中有内容，与 --nothing 不符"


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed. `nothing`: the back end shows no post; `deleted`: later posts are gone."""

    file: Path
    by: str
    account: str | None = None
    exported_on: date | None = None
    template: str | None = None
    save_as: str | None = None
    nothing: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """The posts of one account in an export; `known` of them the ledger has already."""

    account: Subject
    posts: tuple[Post, ...]
    known: int
    history: History

    @property
    def days(self) -> list[date]:
        return sorted(p.item.published_on for p in self.posts if p.item.published_on is not None)


@dataclass(frozen=True, slots=True)
class Import:
    """An export as it would be written, account by account."""

    asked: Asked
    sheet: Sheet
    template: Template
    shown_to: date
    at: datetime
    parts: tuple[Part, ...]


def prepare(home: Home, ledger: Ledger, asked: Asked, read: ReadSheet = read_sheet) -> Import:
    """What would this export tell? Nothing is written. Raises UploadError with every fault.

    A server reads the file in a process of its own: `read`.
    """
    present = now()
    today = local_day(present)
    shown_to = asked.exported_on or today
    accounts = accounts_of(ledger)
    faults = list(_own_faults(asked, accounts, shown_to, today))
    try:
        sheet, template = _sheet(home, asked, read)
        posts = read_posts(sheet, template.columns, today)
    except UploadError as error:
        if faults:
            raise UploadError(error.origin, [*faults, *error.faults]) from error
        raise
    if bool(posts) is asked.nothing:
        faults.append(SOME_FOUND if asked.nothing else NONE_FOUND)
    by_account = _by_account(posts, asked, accounts, template, faults)
    parts = [_part(ledger, accounts[key], posts, present) for key, posts in by_account.items()]
    faults += [line for part in parts for line in _part_faults(part, asked, shown_to)]
    if faults:
        raise UploadError(asked.file.name, faults)
    return Import(asked, sheet, template, shown_to, present, tuple(parts))


def preview(prepared: Import) -> Iterator[str]:
    """The lines that a person reads before saying --apply."""
    sheet, columns, words = prepared.sheet, prepared.template.columns, fields_of(KIND)
    yield f"文件：{sheet.origin}，SHA-256：{sheet.sha256}，{len(sheet.rows)}行"
    yield f"情况截至：{prepared.shown_to}（导出日期）；导入人：{prepared.asked.by.strip()}"
    yield f"取用的列：{'；'.join(f'{head} → {words[name]}' for name, head in columns.items())}"
    ignored = [head for head in sheet.heads if head not in columns.values()]
    yield f"不取的列：{told_heads(ignored) or '（无）'}"
    if hidden := len(sheet.rows) - sum(len(part.posts) for part in prepared.parts):
        yield f"状态列注明未发布、未公开或已删除的，不计：{hidden}行"
    for part in prepared.parts:
        yield from part_lines(part)


def part_lines(part: Part) -> Iterator[str]:
    """What does this export say of one account, and what would it change?"""
    account, days = part.account, part.days
    named = f"账号 {account.name}（{account.key}，{account.platform}）"
    if days:
        count = len(part.posts)
        yield (
            f"{named}：{count}条，{days[0]} 至 {days[-1]}；"
            f"台账已有{part.known}条，新增{count - part.known}条"
        )
    else:
        yield f"{named}：后台没有任何内容"
    known = newest_known(part.history)
    before = f"{known.newest}（{told_by(known)}）" if known is not None else "（无）"
    yield f"  最新一条：{days[-1] if days else '（无）'}；台账此前所见最新：{before}"
    if told := figures(part.posts):
        sums = (f"{word}{told[name]}" for name, word in _SUMS.items() if told[name] is not None)
        yield f"  合计：{'，'.join(sums)}"


_SUMS = {"comments": "评论", "replies": "回复"}


def carry_out(home: Home, ledger: Ledger, prepared: Import) -> None:
    """Write an export, one visit an account, and its template where that was asked for."""
    if prepared.asked.save_as:
        save(home.path(FOLDER), replace(prepared.template, name=prepared.asked.save_as))
    for part in prepared.parts:
        ledger.bring(_sighting(prepared, part))


def _sheet(home: Home, asked: Asked, read: ReadSheet) -> tuple[Sheet, Template]:
    folder = home.path(FOLDER)
    if asked.template is None:
        sheet = read(asked.file, heads_of(KIND))
        return sheet, guess(KIND, sheet.heads)
    template = load(folder, KIND, asked.template)
    sheet = read(asked.file, template.columns.values())
    return sheet, fit(template, sheet.heads)


def _own_faults(
    asked: Asked, accounts: dict[str, Subject], shown_to: date, today: date
) -> Iterator[str]:
    if not asked.by.strip():
        yield "导入人（--by）：不能为空"
    if shown_to > today:
        yield f"导出日期（--exported-on）：{shown_to} 尚未到来"
    if asked.account is not None and account_id(asked.account) not in accounts:
        yield unknown_account(asked.account, accounts)


def _by_account(
    posts: Sequence[Post],
    asked: Asked,
    accounts: dict[str, Subject],
    template: Template,
    faults: list[str],
) -> dict[str, list[Post]]:
    """Whose are the posts, by account id? One account is named, or a column names each."""
    head = template.columns.get("account")
    one = account_id(asked.account) if asked.account is not None else None
    if one is None and (head is None or not posts):
        faults.append("没有指明账号：请用 --account 指定，或在文件中用“账号”一列逐行写明")
        return {}
    if one is not None and one not in accounts:
        return {}
    found: dict[str, list[Post]] = {} if one is None else {one: []}
    for post in posts:
        ids = _named(post.account, accounts)
        if one is not None and (one in ids or post.account is None):
            found[one].append(post)
        elif one is None and len(ids) == 1:
            found.setdefault(ids[0], []).append(post)
        else:
            faults.append(fault(post.line, head or "", post.account or "", _whose(one, ids)))
    return found


def _named(written: str | None, accounts: Mapping[str, Subject]) -> list[str]:
    if written is None or written in accounts:
        return [] if written is None else [written]
    return [key for key, each in accounts.items() if same_head(each.name) == same_head(written)]


def _whose(one: str | None, ids: Sequence[str]) -> str:
    if one is not None:
        return f"与 --account {one} 不是同一账号"
    if ids:
        return f"有多个账号用此名称（{'、'.join(ids)}），请改写为编号，或分文件并用 --account 指定"
    return "应为登记册中账号的编号或名称"


def _part(ledger: Ledger, account: Subject, posts: Sequence[Post], at: datetime) -> Part:
    items = [post.item for post in posts]
    known = len(ledger.known_items(account.key, items)) if items else 0
    return Part(account, tuple(posts), known, history_of(ledger, account, at))


def _part_faults(part: Part, asked: Asked, shown_to: date) -> Iterator[str]:
    newest = part.days[-1] if part.days else None
    if newest is not None and newest > shown_to:
        yield f"导出日期（--exported-on）：{shown_to} 早于文件中最新一条的 {newest}"
    for line in contradictions(part.history, newest, shown_to, deleted=asked.deleted):
        yield f"账号 {part.account.id}：{line}"


def _sighting(prepared: Import, part: Part) -> Sighting:
    sheet, on, at = prepared.sheet, prepared.shown_to, prepared.at
    told = figures(part.posts)
    return Sighting(
        subject=part.account.key,
        observed_at=at,
        outcome=Outcome.OK if part.posts else Outcome.EMPTY,
        items=tuple(post.item for post in part.posts),
        note=f"原文件名：{without_numbers(sheet.origin)}，SHA-256：{sheet.sha256}，"
        f"{len(part.posts)}行{_confirmed(prepared.asked)}",
        captures=(
            Capture(
                url=urn(Method.EXPORT, part.account, on),
                at=at,
                status=200,
                headers={"Content-Type": "text/csv; charset=utf-8"},
                body=posts_csv(part.posts, prepared.template),
            ),
        ),
        notes=(Note(FIGURES, str(Method.EXPORT), Outcome.OK, told),) if told else (),
        method=Method.EXPORT,
        by=prepared.asked.by.strip(),
        shown_to=on,
    )


def _confirmed(asked: Asked) -> str:
    """What did the person say that the file alone does not show?"""
    if asked.nothing:
        return "；导入人确认后台没有任何内容"
    return "；导入人确认较新的内容已删除" if asked.deleted else ""
