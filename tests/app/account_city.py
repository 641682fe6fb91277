"""A synthetic city: many sets of accounts on shared hosts, looked at in one crawl and judged."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlmodel import col, func, select

from app.account_entry import Said, record
from app.account_export import Asked, carry_out, prepare
from app.day import Day, judge_day
from app.home import Home
from checks.facts import DateSource, Item, Outcome
from crawler.jobs import Job
from crawler.run import crawl, plan
from crawler.settings import CrawlSection, WechatSection
from storage.clock import now
from storage.credentials import variables
from storage.inventory import validate
from storage.ledger import Ledger, Sighting
from storage.sheets import UploadError
from storage.tables import VisitRow
from tests.app.account_answers import UID, WEIBO, ago
from tests.app.account_sets import EXPORTED, Drawn, Word
from tests.crawler.server import Answer, serving
from tests.crawler.wechat_stand_in import Account, serving_wechat

PNG = b"\x89PNG\r\n\x1a\nsynthetic picture"
SETTINGS = '[rules]\npacks = ["cn-2019"]\n'
# The last host is a registered site's. Hosts are told apart by their names, so each has its own.
HOSTS = [f"127.0.0.{n}" for n in range(2, 11)]
PORTAL = len(HOSTS) - 1
# Long enough for a healthy answer on a machine that is busy with other tests.
SECTION = CrawlSection(
    delay_seconds=0, concurrency=32, timeout_seconds=4, allow_private_networks=("127.0.0.0/8",)
)
YESTERDAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class City:
    """What one crawl left: the day as judged, and how often each job's subject was looked at."""

    drawn: Sequence[Drawn]
    day: Day
    jobs: Sequence[Job]
    looks: Mapping[str, int]


def look_at(folder: Path, drawn: Sequence[Drawn]) -> City:
    """Bring what persons know of these accounts, look at all of them at once, and judge."""
    home = Home(folder)
    home.path("settings.toml").write_text(SETTINGS, encoding="utf-8")
    ledger = home.open_ledger()
    with serving_city(drawn) as (urls, wechat):
        ledger.load_inventory(validate(register(drawn, urls), "synthetic"), now())
        bring(home, ledger, drawn)
        look_back(ledger, drawn)
        jobs = plan(ledger, ledger.inventory(), now(), only="account")
        run = crawl(ledger, jobs, SECTION, wechat=wechat).run_id
    day = judge_day(home, home.settings(), ledger)
    looks = looks_of(ledger, run)
    ledger.close()
    return City(drawn, day, jobs, looks)


@contextmanager
def serving_city(drawn: Sequence[Drawn]) -> Iterator[tuple[list[str], WechatSection]]:
    """All hosts of the city and the stand-in of the interface; the environment for its accounts."""
    answers, lists = laid_out(drawn)
    vouched = tuple(each.id for each in drawn if each.look and each.look.vouched)
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for each in drawn:
            if each.id in lists and each.look is not None:
                held = (f"wx-{each.id}", lists[each.id].secret)
                for name, value in zip(variables(each.id), held, strict=True):
                    patch.setenv(name, "" if each.look.unset else value)
        servers = [
            stack.enter_context(serving(given, host))
            for given, host in zip(answers, HOSTS, strict=True)
        ]
        by_appid = {f"wx-{id_}": account for id_, account in lists.items()}
        _, url = stack.enter_context(serving_wechat(by_appid))
        yield [each.url for each in servers], WechatSection(base_url=url, lists_mass_sends=vouched)


def laid_out(drawn: Sequence[Drawn]) -> tuple[list[dict[str, Answer]], dict[str, Account]]:
    """What each host answers by path, and what the interface lists by account."""
    answers: list[dict[str, Answer]] = [{} for _ in HOSTS]
    lists: dict[str, Account] = {}
    for each in drawn:
        if each.look is None:
            continue
        if isinstance(each.look.answer, Account):
            lists[each.id] = each.look.answer
            each.look.answer.secret = f"{each.id}-SECRET-c0ffee"
        else:
            answers[host_of(each)][path_of(each)] = each.look.answer
    return answers, lists


def host_of(each: Drawn) -> int:
    mirrors = each.look is not None and each.look.mirror
    return PORTAL if mirrors else Random(each.id).randrange(PORTAL)


def path_of(each: Drawn) -> str:
    return f"/{each.id}?containerid=107603{UID}" if each.source == WEIBO else f"/{each.id}"


def register(drawn: Sequence[Drawn], urls: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Every account is a unit's of its own, so that none is a second one on its platform."""
    accounts = [
        {"id": each.id, "name": each.id, "unit": each.id, "platform": "wechat"}
        | {"source": each.source}
        | ({"url": urls[host_of(each)] + path_of(each)} if crawled(each) else {})
        for each in drawn
    ]
    units = [{"id": each.id, "name": each.id} for each in drawn]
    site = {"id": "portal", "name": "门户", "home": f"{urls[PORTAL]}/", "unit": drawn[0].id}
    return {"unit": units, "site": [site], "account": accounts}


def crawled(each: Drawn) -> bool:
    return each.look is not None and not isinstance(each.look.answer, Account)


def bring(home: Home, ledger: Ledger, drawn: Sequence[Drawn]) -> None:
    """What persons brought: an export a day, entries by hand, and an export that is refused."""
    exports: dict[int, list[Drawn]] = {}
    for each in drawn:
        if each.word is not None and each.word.way == EXPORTED:
            exports.setdefault(each.word.seen, []).append(each)
        elif each.word is not None:
            record(ledger, _entry(home, each.id, each.word))
    for seen, some in exports.items():
        rows = [(each.id, str(ago(each.word.age))) for each in some if each.word is not None]
        carry_out(home, ledger, prepare(home, ledger, _export(home, rows, seen)))
    unknown = [each.id for each in drawn if each.look is None and each.word is None]
    rows = [*((id_, str(ago(1))) for id_ in unknown), (drawn[0].id, "日期不详")]
    with pytest.raises(UploadError):
        prepare(home, ledger, _export(home, rows, 0))


def _export(home: Home, rows: Sequence[tuple[str, str]], seen: int) -> Asked:
    path = home.path("导出.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        heads = ("账号", "发表时间", "内容标题")
        csv.writer(file).writerows([heads, *((*row, "示例") for row in rows)])
    return Asked(path, "张三", exported_on=ago(seen))


def _entry(home: Home, account: str, word: Word) -> Said:
    path = home.path("截图.png")
    path.write_bytes(PNG)
    return Said(account, ago(word.age), path, "李四", seen_on=ago(word.seen))


def look_back(ledger: Ledger, drawn: Sequence[Drawn]) -> None:
    """The good looks of yesterday."""
    at = now() - YESTERDAY
    run = ledger.start_run(0, at)
    for each in drawn:
        if each.yesterday is not None:
            day = ago(each.yesterday)
            item = Item("昨日所见", None, day, str(day), DateSource.FEED)
            ledger.record(run, Sighting(f"account:{each.id}", at, Outcome.OK, items=(item,)))
    ledger.finish_run(run, at)


def looks_of(ledger: Ledger, run: int) -> dict[str, int]:
    counted = select(VisitRow.subject, func.count()).where(col(VisitRow.run_id) == run)
    with ledger.reading() as session:
        return dict(session.exec(counted.group_by(VisitRow.subject)).all())


def without(day: Day, left_out: Sequence[str], *, subjects: bool) -> Day:
    """The same facts without what is known of some subjects, or without these themselves."""
    facts = day.facts
    histories = {key: each for key, each in facts.histories.items() if key not in left_out}
    kept = [each for each in facts.subjects if not (subjects and each.key in left_out)]
    return replace(day, facts=replace(facts, histories=histories, subjects=kept))
