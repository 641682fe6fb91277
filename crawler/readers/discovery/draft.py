"""From the pages of a portal to the rows of a draft register, in the order of its navigation.

What could not be seen is listed only where its neighbours are columns, and then marked so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from checks.facts import Outcome
from crawler.readers.discovery.addresses import registrable
from crawler.readers.discovery.classes import (
    OTHER,
    ClassGuess,
    Sure,
    class_of_words,
    guess_by_siblings,
    guess_class,
    speaks_of_letters,
)
from crawler.readers.discovery.frontier import Way
from crawler.readers.discovery.ids import ids_of
from crawler.readers.discovery.kinds import Looked, PageKind
from crawler.readers.discovery.links import is_root
from crawler.readers.discovery.sites import DraftSite, sites_of

_FEW_ROWS = 3
_PAGE_CLASSES = frozenset({"overview", "leader", "institution", "special"})
_NOT_READ = frozenset({PageKind.UNSEEN, PageKind.UNREAD})
_NEIGHBOURS = 2


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One row proposed: a column (`column_class` set) or a mailbox. `newest` is an ISO day."""

    id: str
    site: str
    name: str
    url: str
    column_class: str
    sure: str
    newest: str | None
    rows: int
    reader: str
    outcome: str
    why: str


@dataclass(frozen=True, slots=True)
class DraftAccount:
    id: str
    platform: str
    name: str
    url: str | None


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A link of the navigation that became no row, and why the operator should look at it."""

    name: str
    url: str
    why: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft register. `pages` were looked at, `seen` of them could be; `cut` by which bound."""

    sites: tuple[DraftSite, ...]
    columns: tuple[DraftRow, ...]
    mailboxes: tuple[DraftRow, ...]
    accounts: tuple[DraftAccount, ...]
    unlisted: tuple[Unlisted, ...]
    pages: int
    seen: int
    cut: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Draft:
        return cls(
            sites=tuple(DraftSite(**row) for row in data["sites"]),
            columns=tuple(DraftRow(**row) for row in data["columns"]),
            mailboxes=tuple(DraftRow(**row) for row in data["mailboxes"]),
            accounts=tuple(DraftAccount(**row) for row in data["accounts"]),
            unlisted=tuple(Unlisted(**row) for row in data["unlisted"]),
            pages=data["pages"],
            seen=data["seen"],
            cut=data["cut"],
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One page that was looked at, with all ways to it, the first one first."""

    ways: Sequence[Way]
    seen: Looked

    @property
    def way(self) -> Way:
        return self.ways[0]

    @property
    def blocks(self) -> set[str]:
        return {way.block for way in self.ways}

    @property
    def name(self) -> str:
        words = self.seen.words
        own = (words.column_name, *words.path[-1:], words.title)
        named = next((way.name for way in self.ways if way.name), "")
        return named or next((name for name in own if name), "未命名栏目")

    @property
    def path(self) -> tuple[str, ...]:
        """The names above it: those of the longest way, else the page's own 当前位置."""
        longest = max(self.ways, key=lambda way: len(way.path)).path
        return longest or self.seen.words.path[:-1]


def make_draft(found: Sequence[Found], cut: str = "") -> Draft:
    """Which rows of a register do these pages of one portal amount to? The home page is first."""
    inside = registrable(found[0].seen.url)
    ordered = sorted(found, key=lambda each: each.way.place)
    sites, site_of = sites_of([(each.way, each.seen) for each in ordered])
    columns = _with_classes(_columns(ordered, inside))
    mailboxes = list(_mailboxes(ordered))
    used = {site_of[each.way.url] for each, _ in [*columns, *((box, None) for box in mailboxes)]}
    ids = ids_of([each.way.url for each, _ in columns] + [box.way.url for box in mailboxes])
    listed = {each.way.url for each, _ in columns} | {box.way.url for box in mailboxes}
    return Draft(
        sites=tuple(site for place, site in enumerate(sites) if place == 0 or site.id in used),
        columns=tuple(
            _row(each, ids[each.way.url], site_of[each.way.url], guess) for each, guess in columns
        ),
        mailboxes=tuple(
            _row(box, ids[box.way.url], site_of[box.way.url], None) for box in mailboxes
        ),
        accounts=tuple(_accounts(ordered)),
        unlisted=tuple(_unlisted(ordered, listed)),
        pages=len(found),
        seen=sum(each.seen.kind is not PageKind.UNSEEN for each in found),
        cut=cut,
    )


def _columns(ordered: Sequence[Found], inside: str) -> list[Found]:
    """The pages that are columns, or that their neighbours say are; each list of rows once."""
    near: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for each in ordered:
        if each.seen.kind not in _NOT_READ:
            for block in each.blocks:
                near[block][each.seen.kind is PageKind.COLUMN] += 1
    chosen = [
        each
        for each in ordered
        if each.way.place
        and not (is_root(each.seen.url) or each.seen.words.home)
        and registrable(each.seen.url) == inside
        and not (speaks_of_letters(each.name) and each.seen.kind is not PageKind.COLUMN)
        and not _is_of_a_person(each)
        and _is_column(each, near)
    ]
    return list(_without_twins(chosen))


def _is_of_a_person(each: Found) -> bool:
    """Does it stand below 领导之窗 without a name of its own kind? Those are persons' pages."""
    above = {class_of_words(name) for name in (*each.path, *each.seen.words.path[:-1])}
    return "leader" in above and class_of_words(each.name) in (None, "leader")


def _is_column(each: Found, near: Mapping[str, Counter[bool]]) -> bool:
    kind = each.seen.kind
    if kind is PageKind.COLUMN:
        return True
    if kind in _NOT_READ:
        counts = [near[block] for block in each.blocks if block in near]
        return any(count[True] >= _NEIGHBOURS and count[True] > count[False] for count in counts)
    return kind in (PageKind.OTHER, PageKind.CHANNEL) and class_of_words(each.name) in _PAGE_CLASSES


def _without_twins(columns: Iterable[Found]) -> Iterator[Found]:
    """Each list once: a channel that shows its first column's rows gives way to the column."""
    kept: dict[object, Found] = {}
    for each in columns:
        rows = each.seen.items
        key: object = frozenset(rows) if len(rows) >= _FEW_ROWS else each.seen.url
        twin = kept.get(key)
        if twin is None or twin.name in each.path:
            kept[key] = each
    yield from kept.values()


def _with_classes(columns: Sequence[Found]) -> list[tuple[Found, ClassGuess]]:
    """Each column's class; where nothing of its own speaks, that of most of its neighbours."""
    guesses = {
        each.way.url: guess_class(
            each.seen.words.column_type, each.name, each.path, each.seen.titles
        )
        for each in columns
    }
    beside: defaultdict[str, list[str]] = defaultdict(list)
    for each in columns:
        guess = guesses[each.way.url]
        for block in each.blocks if guess else ():
            beside[block].append(guess.column_class if guess else OTHER)
    unknown = ClassGuess(OTHER, Sure.LOW, "没有依据，请人工确定")
    return [
        (
            each,
            guesses[each.way.url]
            or guess_by_siblings(max((beside[b] for b in each.blocks), key=len, default=[]))
            or unknown,
        )
        for each in columns
    ]


def _row(each: Found, row_id: str, site: str, guess: ClassGuess | None) -> DraftRow:
    seen = each.seen
    sure = min(_sure_of_page(seen), guess.sure if guess else Sure.HIGH)
    because = f"类别依据：{guess.why}；" if guess else ""
    return DraftRow(
        id=row_id,
        site=site,
        name=each.name,
        url=each.way.url,
        column_class=guess.column_class if guess else "",
        sure=sure.chinese,
        newest=seen.newest.isoformat() if seen.newest else None,
        rows=seen.rows,
        reader=seen.reader,
        outcome=str(seen.outcome),
        why=because + seen.why,
    )


def _sure_of_page(seen: Looked) -> Sure:
    if seen.kind not in (PageKind.COLUMN, PageKind.LETTERS) or not seen.outcome.seen:
        return Sure.LOW
    return Sure.HIGH if seen.outcome is Outcome.OK and seen.rows >= _FEW_ROWS else Sure.FAIR


def _mailboxes(ordered: Sequence[Found]) -> Iterator[Found]:
    """Lists of letters; where a portal shows none, what is at least called a mailbox."""
    lists = [each for each in ordered if each.seen.kind is PageKind.LETTERS]
    if lists:
        yield from _without_twins(lists)
        return
    for each in ordered:
        kind = each.seen.kind
        if kind is PageKind.LETTER_FORM or (kind in _NOT_READ and speaks_of_letters(each.name)):
            yield each


def _accounts(ordered: Sequence[Found]) -> Iterator[DraftAccount]:
    known: set[tuple[str, str]] = set()
    count: Counter[str] = Counter()
    for account in (account for each in ordered for account in each.seen.accounts):
        keys = {(account.platform, account.name), (account.platform, account.url or account.name)}
        if keys & known:
            continue
        known |= keys
        count[account.platform] += 1
        row_id = f"{account.platform}-{count[account.platform]}"
        yield DraftAccount(row_id, account.platform, account.name, account.url)


def _unlisted(ordered: Sequence[Found], listed: set[str]) -> Iterator[Unlisted]:
    """Pages of the navigation that could not be seen or read, and are no rows of the draft."""
    for each in ordered:
        if each.seen.kind in _NOT_READ and each.way.url not in listed:
            yield Unlisted(each.name, each.way.url, each.seen.why)
