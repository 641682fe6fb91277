"""Mailboxes whose letters come from the back end: nobody opens them, only the page to write on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.channel import CHANNEL, answer_channel
from checks.facts import Letter, Method, Outcome
from checks.freshness import local_day
from checks.owed import Case
from checks.rules import pack_texts, read_pack
from checks.verdicts import DutyState
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from storage.clock import now
from storage.inventory import Inventory, validate
from storage.ledger import Ledger, Sighting
from tests.crawler.server import Answer, page, serving

PACK = read_pack(pack_texts(["cn-2019"])["cn-2019"], "cn-2019.toml")
DUTY = next(duty for duty in PACK.duties if duty.id == "w5_channel")
DUTIES = frozenset({CHANNEL})
WRITE = (
    "<!DOCTYPE html><html><!-- synthetic --><head><title>写信</title></head><body>"
    '<form action="/save.do" method="post"><p>标题：<input name="title"></p>'
    '<p>姓名：<input name="xm"></p><textarea name="nr"></textarea>'
    '<input type="submit" value="提交"></form></body></html>'
)
LIST = (
    "<html><!-- synthetic --><table><tr><th>编号</th><th>标题</th><th>来信时间</th><th>状态</th>"
    "</tr><tr><td>A1</td><td><a href='/a1.html'>路灯</a></td><td>2026-11-16</td><td>办理中</td>"
    "</tr></table></html>"
)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    yield ledger
    ledger.close()


def register(root: str, **boxes: dict[str, str]) -> Inventory:
    unit = {"id": "u", "name": "政府办"}
    site = {"id": "s", "name": "门户", "home": f"{root}/", "unit": "u"}
    told = {"site": "s", "unit": "u", "source": "export"}
    rows = [{"id": name, "name": f"{name}信箱", **told, **more} for name, more in boxes.items()]
    return validate({"unit": [unit], "site": [site], "mailbox": rows}, "x")


def test_a_mailbox_without_an_address_is_never_opened(ledger: Ledger) -> None:
    root = "https://www.example.gov.cn"
    known = register(
        root,
        a={},
        b={"url": f"{root}/b/"},
        c={"form": f"{root}/write.html"},
        d={"form": f"{root}/report.html", "name": "举报信箱"},
        e={"source": "page", "url": f"{root}/e/", "form": f"{root}/e.html"},
    )
    jobs = plan(ledger, known, now(), duties=DUTIES)
    assert [(job.subject, job.kind, job.url) for job in jobs] == [
        ("site:s", "site", f"{root}/"),
        ("mailbox:e", "mailbox", f"{root}/e/"),
        ("mailbox:c", CHANNEL, f"{root}/write.html"),
    ]
    assert [job.subject for job in plan(ledger, known, now(), only="mailbox")] == ["mailbox:e"]
    other = plan(ledger, known, now(), site="other", duties=DUTIES)
    assert other == []


def test_its_registered_page_to_write_on_is_looked_at_once_a_day(ledger: Ledger) -> None:
    answers: dict[str, Answer] = {"/": page("<html></html>"), "/write.html": page(WRITE)}
    section = CrawlSection(
        delay_seconds=0, timeout_seconds=5, allow_private_networks=("127.0.0.1/32",)
    )
    with serving(answers) as server:
        known = register(server.url, bare={}, hotline={"form": f"{server.url}/write.html"})
        ledger.load_inventory(known, now())
        for _ in range(2):
            crawl(ledger, plan(ledger, known, now(), duties=DUTIES), section)
        asked = [path for path, _ in server.seen]
    assert asked.count("/write.html") == 1
    boxes = {each.id: each for each in ledger.subjects()}
    looks = ledger.observed(now(), ["mailbox:bare", "mailbox:hotline"])
    states = {
        name: answer_channel(
            Case(boxes[name], local_day(now()), looks.get(f"mailbox:{name}", ())), DUTY
        ).state
        for name in ("bare", "hotline")
    }
    assert states == {"bare": DutyState.UNKNOWN, "hotline": DutyState.MET}
    assert ledger.histories(["mailbox:bare", "mailbox:hotline"], now()) == {}


def test_a_letter_that_only_an_export_holds_is_not_looked_up_by_the_page(ledger: Ledger) -> None:
    exported = Letter("B2", "", None, None, status="办理中")
    with serving({"/list.html": page(LIST)}) as server:
        box = {"source": "page", "url": f"{server.url}/list.html"}
        known = register(server.url, box=box)
        ledger.bring(
            Sighting(
                "mailbox:box",
                now(),
                Outcome.OK,
                letters=(exported,),
                method=Method.EXPORT,
                by="王",
                shown_to=local_day(now()),
            )
        )
        section = CrawlSection(
            delay_seconds=0, timeout_seconds=5, allow_private_networks=("127.0.0.1/32",)
        )
        crawl(ledger, plan(ledger, known, now(), only="mailbox"), section)
    visit = ledger.histories(["mailbox:box"], now())["mailbox:box"].last
    assert visit is not None
    assert (visit.outcome, visit.unresolved) == (Outcome.OK, 0)
    seen = [(each.letter.ref, each.method) for each in ledger.letters(now())["mailbox:box"]]
    assert sorted(seen) == [("A1", Method.CRAWL), ("B2", Method.EXPORT)]
