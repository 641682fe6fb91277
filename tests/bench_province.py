"""A synthetic province in a database: what a register looks like after months of watching.

A site has 60 columns and a mailbox, each looked at on three days. Beside that it has

- ten notes on its pages (home, four columns, five articles) with marks, tags and outside links,
  and one on the links of its home page that bear no day;
- three pages with 20 links in all, each target looked at, one of them found gone on three days;
- a probe each half hour for eight days;
- in its mailbox six letters, open, answered in time, and answered late, and a note on its form;
- of each column one note on its list, and three rows first seen in the last 30 days.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from typing import Any

from sqlalchemy import insert

from app.simulate.beside import KINDS, page_facts
from app.simulate.watched import home_of
from checks.channel import CHANNEL, ChannelFacts, Way, channel_data
from checks.homes import FAMILY as HOME
from checks.homes import Undated
from checks.links import FAMILY as LINKS
from checks.links import LinkKind, PageLink, as_facts
from checks.page_facts import PAGE, page_data
from checks.texts import LIST, ListLook
from storage.ledger import Ledger
from storage.tables import (
    ItemRow,
    LetterRow,
    LinkRow,
    Mailbox,
    ObservationRow,
    ProbeRow,
    Run,
    Site,
    Unit,
    VisitRow,
    WatchedColumn,
)

AT = datetime(2026, 11, 27, 4, tzinfo=UTC)
AS_OF = date(2026, 11, 27)
SINCE = datetime(2026, 1, 5, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
VERSION = {"since": SINCE, "until": None}
PER_SITE = 60
CLASSES = ("news", "news", "notice", "policy_doc", "interpretation", "plan", "overview", "other")
LINKED, PER_PAGE, GONE = 3, 7, 4
BATCH = 5000
Row = dict[str, Any]


def fill(ledger: Ledger, columns: int, *, noted: bool = True) -> None:
    """Put a province with so many columns into an empty ledger.

    Not `noted`: the register and the visits alone, which is all that verdicts rest on.
    """
    sites = range(columns // PER_SITE)
    keys = [f"site:s{n}" for n in sites] + [f"mailbox:m{n}" for n in sites]
    keys += [f"column:c{n}" for n in range(columns)]
    _insert(ledger, Unit, ({**VERSION, "id": "u", "name": "u", "kind": "other", "emails": []},))
    _insert(ledger, Site, map(_site, sites))
    _insert(ledger, WatchedColumn, map(_column, range(columns)))
    _insert(ledger, Mailbox, map(_mailbox, sites))
    _insert(ledger, Run, ({"id": 1, "started_at": SINCE, "planned": 0, "seen": 0, "unseen": 0},))
    visits = (_visit(key, n, days) for days in (2, 1, 0) for n, key in enumerate(keys))
    _insert(ledger, VisitRow, visits)
    if not noted:
        return
    _insert(ledger, ObservationRow, chain.from_iterable(map(_site_notes, sites)))
    _insert(
        ledger, ObservationRow, (_list_note(n, days) for days in (1, 0) for n in range(columns))
    )
    _insert(ledger, ItemRow, (_item(n, row) for row in range(3) for n in range(columns)))
    _insert(ledger, LinkRow, chain.from_iterable(map(_link_looks, sites)))
    _insert(ledger, ProbeRow, (_probe(n, back) for back in range(48 * 8) for n in sites))
    _insert(ledger, LetterRow, (_letter(n, ref) for n in sites for ref in range(6)))


def _site(n: int) -> Row:
    return {**VERSION, "id": f"s{n}", "name": f"网站{n}", "home": home_of(n), "unit": "u"}


def _column(n: int) -> Row:
    site = n // PER_SITE
    word = CLASSES[n % len(CLASSES)]
    url = f"{home_of(site)}c{n}/"
    own = {"id": f"c{n}", "name": f"栏目{n}", "site": f"s{site}", "url": url, "unit": "u"}
    return {**VERSION, **own, "class": word, "expected": []}


def _mailbox(n: int) -> Row:
    url = f"{home_of(n)}x/"
    return {**VERSION, "id": f"m{n}", "name": "信箱", "site": f"s{n}", "url": url, "unit": "u"}


def _visit(key: str, n: int, days: int) -> Row:
    outcome = ("ok", "ok", "ok", "ok", "ok", "ok", "ok", "empty", "blocked", "undated")[n % 10]
    newest = AS_OF - timedelta(days=n % 23) if outcome == "ok" else None
    at = AT - days * DAY
    seen = {"run_id": 1, "subject": key, "observed_at": at, "outcome": outcome}
    return {**seen, "newest": newest, "item_count": 20}


def _site_notes(n: int) -> Iterator[Row]:
    for page, kind in enumerate(KINDS):
        facts = page_facts(n, page, kind)
        yield _note(f"site:s{n}", PAGE, facts.url, page_data(facts))
    days = {f"{home_of(n)}u{link}": AS_OF - link * DAY for link in range(20)}
    yield _note(f"site:s{n}", HOME, "", Undated(days).as_facts())
    for page in range(LINKED):
        yield _note(f"site:s{n}", LINKS, f"{home_of(n)}p{page}", as_facts(_page_links(n, page)))
    form = ChannelFacts(f"{home_of(n)}x/", Way.FORM, ("标题", "内容"), why="页面有写信表单")
    yield _note(f"mailbox:m{n}", CHANNEL, form.url, channel_data(form))


def _page_links(n: int, page: int) -> list[PageLink]:
    return [PageLink(_target(n, page, link), LinkKind.PAGE, "链接") for link in range(PER_PAGE)]


def _target(n: int, page: int, link: int) -> str:
    return f"{home_of(n)}t{page}/{link}"


def _link_looks(n: int) -> Iterator[Row]:
    for page in range(LINKED):
        for link in range(PER_PAGE):
            gone = page == 0 and link == GONE
            url = _target(n, page, link)
            digest = hashlib.sha256(url.encode()).hexdigest()
            for days in (3, 2, 1) if gone else (1,):
                look = {"at": AT - days * DAY, "state": "dead" if gone else "ok"}
                yield {"site": f"s{n}", "digest": digest, "url": url, **look}


def _note(subject: str, family: str, key: str, facts: Row, days: int = 1) -> Row:
    at = AT - days * DAY
    told = {"run_id": 1, "subject": subject, "family": family, "key": key, "at": at}
    return {**told, "outcome": "ok", "facts": facts}


def _list_note(n: int, days: int) -> Row:
    look = ListLook(20, AS_OF - 90 * DAY, True, "rows", ("identity", "mobile"))
    return _note(f"column:c{n}", LIST, "", look.facts(), days)


def _item(n: int, row: int) -> Row:
    """One in twenty columns has an old row that appeared yesterday, the rest have new ones."""
    back = (n % 20 == 0 and row == 0) * 20 + 10 * row
    seen = AT - 10 * row * DAY
    url = f"{home_of(n // PER_SITE)}c{n}/{row}"
    told = {"title": f"关于第{n}项工作的通知", "url": url, "published_on": AS_OF - back * DAY}
    return {"subject": f"column:c{n}", "digest": f"{n}-{row}", **told, "first_seen": seen} | {
        "visit_id": n + 1
    }


def _probe(n: int, back: int) -> Row:
    outcome = "unreachable" if (n + back) % 97 == 0 else "ok"
    return {"site": f"s{n}", "at": AT - back * HOUR / 2, "elapsed_ms": 800, "outcome": outcome}


def _letter(n: int, ref: int) -> Row:
    received = AS_OF - timedelta(days=7 * ref + 2)
    replied = received + timedelta(days=3 + 9 * (ref == 4)) if ref > 1 else None
    told = {"received_on": received, "replied_on": replied, "answered": ref > 1}
    key = {"mailbox": f"mailbox:m{n}", "ref": f"{n}-{ref}", "seen_at": AT, "visit_id": n + 1}
    return {**key, "title_sha256": "-", **told}


def _insert(ledger: Ledger, table: Any, rows: Iterable[Row]) -> None:
    held: list[Row] = []
    with ledger.engine.execution_options(write=True).begin() as connection:
        for row in rows:
            held.append(row)
            if len(held) == BATCH:
                connection.execute(insert(table), held)
                held = []
        if held:
            connection.execute(insert(table), held)
