"""How long do the questions take that the product asks most, of this database on this machine?"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from app.day import Portion, facts_of, frame_of, judge_in_portions
from app.home import Home
from app.settings import Settings
from app.weekly import make_weekly
from checks.freshness import Moment, local_day
from checks.judge import judge
from checks.rules import Law
from crawler.run import plan
from storage.clock import now
from storage.ledger import Ledger

OFTEN = 5  # times that a short question is asked; the middle one is told
LOT = 20  # sites that a worker takes at a time
MOST_REPORTED = 6000  # columns; a report of more is no document that anybody reads


@dataclass(frozen=True, slots=True)
class Question:
    """One question by the words under which it is told. `often`: it is asked several times."""

    words: str
    ask: Callable[[], object]
    often: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """Milliseconds by the clock, and of the processor of this process alone."""

    words: str
    ms: float
    cpu_ms: float


def asked(questions: Iterator[Question]) -> Iterator[Answer]:
    """Ask each, one after the other; the first time, which fills caches, counts as well."""
    for each in questions:
        took = [_timed(each.ask) for _ in range(OFTEN if each.often else 1)]
        yield Answer(each.words, median(ms for ms, _ in took), median(cpu for _, cpu in took))


def _timed(ask: Callable[[], object]) -> tuple[float, float]:
    began, idle = time.perf_counter(), time.process_time()
    ask()
    return (time.perf_counter() - began) * 1000, (time.process_time() - idle) * 1000


def questions(home: Home, settings: Settings, ledger: Ledger) -> Iterator[Question]:
    """The questions of a day's work, the short ones first."""
    at, law = now(), home.law(settings)
    register = ledger.inventory()
    column, sites = f"column:{register['column'][0]['id']}", [r["id"] for r in register["site"]]
    of_site = [f"column:{row['id']}" for row in register["column"] if row["site"] == sites[0]]
    lot = sites[:LOT]
    yield Question("一个栏目的页面（查看记录、条目、发布日历）", lambda: _page(ledger, column, at))
    yield Question("一个网站各栏目的最近查看", lambda: ledger.histories(of_site, at))
    yield Question("一个网站各栏目的条件请求依据", lambda: ledger.known(of_site, at))
    yield Question("一个网站各栏目的最新条目", lambda: ledger.items_among(of_site, at, 50))
    yield Question(f"{len(lot)} 个网站的登记册", lambda: ledger.register_of(lot))
    yield Question(
        f"{len(lot)} 个网站的查看计划", lambda: plan(ledger, ledger.register_of(lot), at)
    )
    yield Question("整册登记册", ledger.inventory, often=False)
    yield Question("全部问题及其经过", ledger.findings)
    yield Question("一段证据链（1000 条）", lambda: list(islice(ledger.evidence_blocks(), 1)))
    yield Question("判定一批（约 2000 个对象）", lambda: _portion(ledger, law, at))
    yield Question("判定全部（逐批）", lambda: _whole(ledger, law, at), often=False)
    if len(register["column"]) <= MOST_REPORTED:
        yield Question("周报（含文档）", lambda: _weekly(home, settings, ledger), often=False)


def _page(ledger: Ledger, column: str, at: datetime) -> None:
    first = local_day(at) - timedelta(days=400)
    ledger.visit_count(column)
    ledger.visits_of(column, 30)
    ledger.item_count(column)
    ledger.items_of(column, 50)
    ledger.item_days(column, first, at)
    ledger.day_looks(column, first, at)
    ledger.findings_of(column)


def _portion(ledger: Ledger, law: Law, at: datetime) -> Portion:
    as_of = local_day(at)
    frame = frame_of(ledger, law, as_of, at, ledger.unit_ids())
    facts = facts_of(ledger, frame, next(ledger.portions()))
    return Portion(judge(law, facts, Moment(as_of)), facts)


def _whole(ledger: Ledger, law: Law, at: datetime) -> None:
    for _ in judge_in_portions(ledger, law, local_day(at), at):
        pass


def _weekly(home: Home, settings: Settings, ledger: Ledger) -> None:
    with TemporaryDirectory() as out:
        make_weekly(home, settings, ledger, None, Path(out))
