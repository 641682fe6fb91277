"""A synthetic county after ten years of watching, put into an SQLite file.

45 units, 300 columns on five sites, five mailboxes and ten accounts, each looked at every day:

- a visit a day of every site, column, mailbox and account, one in fifty of them in vain;
- 930,000 items or a few more, each first seen on the day under which it was published;
- of each column a note on its list a day; of each site ten notes on its pages a week, a note on
  its home page a day, and a probe each half hour;
- in each mailbox a letter a day and its sightings until it is answered, one in 40 of them late;
- some thousand findings with their events, most of them closed.

Without evidence: a report reads of it only the places of the last looks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Any, cast

from checks.homes import FAMILY as HOME
from checks.homes import Undated
from checks.page_facts import PAGE, page_data
from checks.texts import LIST, ListLook
from storage.ledger import Ledger
from tests.bench_province import KINDS, page_facts

LAST = date(2026, 11, 22)
DAYS = 3652
FIRST = LAST - timedelta(days=DAYS - 1)
UNITS, SITES, COLUMNS, MAILBOXES, ACCOUNTS = 45, 5, 300, 5, 10
CLASSES = ("news", "news", "notice", "policy_doc", "interpretation", "plan", "overview", "other")
PACES = (1, 1, 1, 2, 3, 5, 7, 9, 20, 200)  # a column publishes each so many days
AT_ONCE = 2
PLATFORMS = ("wechat", "weibo", "douyin", "kuaishou", "toutiao")
ANSWERED_AFTER = 4
FINDINGS = 5000
DAY = timedelta(days=1)
UNSAID = ("submitted", None, "auto", "page", "[]")  # what the register says of a usual mailbox
Values = tuple[Any, ...]


def fill(ledger: Ledger) -> dict[str, int]:
    """Put the county into an empty ledger; says how many rows each large table got."""
    _register(ledger)
    days = [FIRST + n * DAY for n in range(DAYS)]
    counts = {
        "visit": _insert(ledger, VISIT, chain.from_iterable(map(_visits, days))),
        "item": _insert(ledger, ITEM, chain.from_iterable(map(_items, days))),
        "observation": _insert(ledger, NOTE, chain.from_iterable(map(_notes, days))),
        "probe": _insert(ledger, PROBE, chain.from_iterable(map(_probes, days))),
        "letter": _insert(ledger, LETTER, chain.from_iterable(map(_letters, days))),
        "finding": _insert(ledger, FINDING, map(_finding, range(FINDINGS))),
        "event": _insert(ledger, EVENT, chain.from_iterable(map(_events, range(FINDINGS)))),
    }
    with ledger.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
    return counts


def _register(ledger: Ledger) -> None:
    held = f"{_at(FIRST - DAY)}", None
    units = ((f"u{n}", f"单位{n}", *held, "department", "[]") for n in range(UNITS))
    _insert(ledger, "unit(id,name,since,until,kind,emails)", units)
    sites = ((f"s{n}", f"网站{n}", *held, _home(n), f"u{n}", n == 0, 0, 1) for n in range(SITES))
    fields = "id,name,since,until,home,unit,portal,home_nav_only,services"
    _insert(ledger, f"site({fields})", sites)
    _insert(ledger, COLUMN, (_column(n, held) for n in range(COLUMNS)))
    fields = 'id,name,since,until,site,url,unit,clock,"limit",reader,source,categories'
    boxes = (
        (f"m{n}", f"信箱{n}", *held, f"s{n}", f"{_home(n)}x/", f"u{n}", *UNSAID)
        for n in range(MAILBOXES)
    )
    _insert(ledger, f"mailbox({fields})", boxes)
    fields = "id,name,since,until,platform,unit,source"
    accounts = (
        (f"a{n}", f"账号{n}", *held, PLATFORMS[n % len(PLATFORMS)], f"u{n}", "feed")
        for n in range(ACCOUNTS)
    )
    _insert(ledger, f"account({fields})", accounts)


def _column(n: int, held: tuple[str, None]) -> Values:
    site, word = n % SITES, CLASSES[n // SITES % len(CLASSES)]
    url = f"{_home(site)}c{n}/"
    own = (f"c{n}", f"栏目{n}", *held, f"s{site}", url, word, f"u{n % UNITS}")
    return (*own, 1, "none", "auto", 0, "[]")


COLUMN = "column(id,name,since,until,site,url,class,unit,level,bucket,reader,render,expected)"
VISIT = "visit(run_id,subject,observed_at,outcome,newest,item_count,dated_count,unresolved,method)"
ITEM = "item(subject,digest,title,url,published_on,date_source,first_seen,visit_id)"
NOTE = "observation(subject,family,key,at,outcome,facts)"
PROBE = "probe(site,at,elapsed_ms,outcome,ours)"
LETTER = "letter(mailbox,ref,seen_at,visit_id,title_sha256,received_on,replied_on,answered,method)"
FINDING = (
    "finding(id,pack,rule,subject,letter,unit,opened_on,basis,over,rule_version,calendar_version)"
)
EVENT = "event(finding_id,kind,at,by,note)"


def _home(n: int) -> str:
    return f"https://s{n}.example.gov.cn/"


def _at(day: date, clock: str = "23:30") -> str:
    """An instant as SQLite keeps it: half past eleven in UTC is the next morning here."""
    return f"{day} {clock}:00.000000"


def _watched() -> Iterator[tuple[str, int]]:
    """Everything watched, with the number by which it publishes."""
    yield from ((f"site:s{n}", 0) for n in range(SITES))
    yield from ((f"column:c{n}", n) for n in range(COLUMNS))
    yield from ((f"mailbox:m{n}", 0) for n in range(MAILBOXES))
    yield from ((f"account:a{n}", n) for n in range(ACCOUNTS))


def _visits(day: date) -> Iterator[Values]:
    when, today = _at(day - DAY), day.toordinal()
    for place, (key, n) in enumerate(_watched()):
        outcome = "ok" if (7 * place + today) % 50 else ("blocked", "unreachable")[place % 2]
        pace = PACES[n % len(PACES)]
        newest = None if outcome != "ok" else date.fromordinal(today - (today + n) % pace)
        if place % 60 == 59:
            outcome, newest = "empty", None
        yield 1, key, when, outcome, newest and str(newest), 20, 20, 0, "crawl"


def _items(day: date) -> Iterator[Values]:
    when, today = _at(day - DAY), day.toordinal()
    for key, n in _watched():
        if not key.startswith(("column", "account")) or (today + n) % PACES[n % len(PACES)]:
            continue
        for place in range(AT_ONCE):
            title, url = (
                f"关于第{today}-{place}项工作的通知",
                f"{_home(n % SITES)}{n}/{today}/{place}",
            )
            yield key, f"{today}-{place}", title, url, str(day), "list", when, 1


def _notes(day: date) -> Iterator[Values]:
    when = _at(day - DAY)
    look = json.dumps(ListLook(20, day - 90 * DAY, True, "rows", ("identity",)).facts())
    yield from ((f"column:c{n}", LIST, "", when, "ok", look) for n in range(COLUMNS))
    for n in range(SITES):
        home = Undated({f"{_home(n)}u{link}": day - link * DAY for link in range(20)})
        yield f"site:s{n}", HOME, "", when, "ok", json.dumps(home.as_facts())
        for page, kind in enumerate(KINDS if day.weekday() == 0 else ()):
            facts = page_facts(n, page, kind)
            yield f"site:s{n}", PAGE, facts.url, when, "ok", json.dumps(page_data(facts))


def _probes(day: date) -> Iterator[Values]:
    for half in range(48):
        when = _at(day, f"{half // 2:02}:{30 * (half % 2):02}")
        for n in range(SITES):
            yield f"s{n}", when, 800, "ok" if (day.day + half + n) % 97 else "unreachable", 0


def _letters(day: date) -> Iterator[Values]:
    """The sightings of the letters of a day: one when it came, each day until it is answered."""
    for n in range(MAILBOXES):
        number = day.toordinal() * MAILBOXES + n
        late = number % 40 == 0
        ref, replied = f"{day}-{n}", day + (ANSWERED_AFTER + 9 * late) * DAY
        for seen in (day + back * DAY for back in range((replied - day).days + 1)):
            done = seen >= replied
            if seen <= LAST:
                told = "-", str(day), str(replied) if done else None, int(done), "crawl"
                yield f"mailbox:m{n}", ref, _at(seen - DAY), 1, *told


def _finding(n: int) -> Values:
    opened = FIRST + n * (DAYS - 40) // FINDINGS * DAY
    unit = f"u{n % COLUMNS % UNITS}"
    key = "haian", "news_2w", f"column:c{n % COLUMNS}", ""
    return n + 1, *key, unit, str(opened), str(opened - 15 * DAY), 0, "1", "1"


def _events(n: int) -> Iterator[Values]:
    opened = FIRST + n * (DAYS - 40) // FINDINGS * DAY
    yield n + 1, "detected", _at(opened), "xunjian", "最近更新已超期"
    yield n + 1, "reminded", _at(opened + 7 * DAY), "xunjian", "最近更新已超期"
    if n % 50:
        yield n + 1, "recovered", _at(opened + 9 * DAY), "xunjian", "已更新"
        yield n + 1, "closed", _at(opened + 12 * DAY), "办公室", "已核对"


def _insert(ledger: Ledger, table: str, rows: Iterable[Values]) -> int:
    """Straight into SQLite: millions of rows in seconds. `table` names its fields."""
    name, _, fields = table.partition("(")
    marks = ",".join("?" * (fields.count(",") + 1))
    raw = ledger.engine.raw_connection()
    try:
        cursor = raw.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        # Any iterable will do, which the interface of databases does not say.
        cursor.executemany(f'INSERT INTO "{name}"({fields} VALUES ({marks})', cast(Any, rows))  # noqa: S608
        counted: int = cursor.rowcount
        cursor.execute("COMMIT")
    finally:
        raw.close()
    return counted
