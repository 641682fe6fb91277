"""Mailboxes on a loopback server, looked at twice: how far is read, and what is opened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

import pytest

from checks.facts import Letter, Outcome, Visit
from checks.freshness import local_day
from crawler.jobs import Job
from crawler.run import crawl
from crawler.settings import CrawlSection
from storage.clock import now
from storage.ledger import Ledger
from tests.crawler.server import Answer, Server, page, serving

TODAY = local_day(now())
HEAD = "<tr><th>编号</th><th>标题</th><th>来信时间</th><th>答复时间</th><th>状态</th></tr>"
SILENT_HEAD = "<tr><th>编号</th><th>标题</th><th>来信时间</th></tr>"
PAGES = 7
ROWS = 3


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def box(name: str, *rows: str, head: str = HEAD, following: str | None = None) -> Answer:
    link = f"<div class='page'><a href='{following}'>下一页</a></div>" if following else ""
    return page(
        f"<!-- synthetic --><html><body><h2>{name}</h2><table>{head}{''.join(rows)}</table>"
        f"{link}</body></html>"
    )


def row(
    name: str, number: int, received: date, replied: date | None = None, status: str = ""
) -> str:
    cells = (
        f"{name}-{number:04d}",
        f"<a href='/{name}/letter/{number:04d}.html'>关于第{number}号事项的来信</a>",
        str(received),
        str(replied or ""),
        status,
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def silent(name: str, number: int, received: date) -> str:
    return row(name, number, received).replace("<td></td>", "")


def letter(number: int, received: date, replied: date | None = None) -> Answer:
    answer = f"<p>答复时间：{replied}</p><p>答复内容：已办理。</p>" if replied else ""
    return page(
        f"<!-- synthetic --><html><body><h2>关于第{number}号事项的来信</h2>"
        f"<p>来信时间：{received}</p><p>来信内容：略。</p>{answer}</body></html>"
    )


def long_box(name: str) -> dict[str, Answer]:
    """Seven pages of answered letters, three a page, the newest first."""
    numbers = range(1000, 1000 - PAGES * ROWS, -1)
    found = {}
    for at in range(PAGES):
        rows = [row(name, n, ago(1002 - n), ago(1001 - n)) for n in numbers[at * ROWS :][:ROWS]]
        path = f"/{name}/list{at or ''}.html"
        found[path] = box(name, *rows, following=f"list{at + 1}.html" if at + 1 < PAGES else None)
    return found


def service(handler: BaseHTTPRequestHandler) -> None:
    """A list service with three pages of two letters, asked by a form."""
    form = parse_qs(handler.rfile.read(int(handler.headers["Content-Length"])).decode())
    at = int(form["pageNo"][0])
    entries = [
        {
            "id": 10 * at + n,
            "code": f"S-{at}{n}",
            "title": f"关于第{at}{n}号事项的来信",
            "createTime": f"{ago(10 * at)} 08:00",
            "completeDate": str(ago(10 * at - 1)),
        }
        for n in range(2)
    ]
    rows = entries if at <= 3 else []
    data = {"data": {"totalCount": 6, "dataList": rows}}
    page(json.dumps(data), Content_Type="application/json")(handler)


def sought(handler: BaseHTTPRequestHandler) -> None:
    """A list service whose one open letter, without an address, stands on its second page."""
    form = parse_qs(handler.rfile.read(int(handler.headers["Content-Length"])).decode())
    at = int(form["currPage"][0])
    done = {"id": f"s{at}", "theme": f"第{at}页来信", "dealTime": str(ago(9)), "status": "已办结"}
    entries = [done] if at <= 3 else []
    if at == 2:
        entries.append({"id": "open", "theme": "来信", "dealTime": "", "status": "办理中"})
    page(json.dumps({"mails": entries}), Content_Type="application/json")(handler)


def upward_box() -> dict[str, Answer]:
    """Four pages from old to new, with links as portals write them."""
    ages = {1: 900, 2: 600, 3: 500, 4: 30}
    found = {}
    for at, age in ages.items():
        rows = [row("upward", 10 * at + n, ago(age - n), ago(age - n - 1)) for n in range(3)]
        links = "<a href='{}.html'>上一页</a><a href='{}.html'>下一页</a><a href='4.html'>尾页</a>"
        name = "list" if at == 1 else str(at)
        body = f"<table>{HEAD}{''.join(rows)}</table><p>{links.format(at - 1, at + 1)}</p>"
        found[f"/upward/{name}.html"] = page(f"<html><!-- synthetic --><body>{body}</body></html>")
    return found


def content(handler: BaseHTTPRequestHandler) -> None:
    told = {"sq_title2": "关于第1号事项的来信", "sq_dtime": str(ago(6)), "sq_status": 3}
    told |= {"sq_reply": "您好。", "over_dtime": str(ago(4)), "sq_realname": "写信人甲"}
    page(json.dumps([told]), Content_Type="application/json")(handler)


def first_day() -> dict[str, Answer]:
    """The portal as the first look meets it."""
    old = [row("old", 4, ago(400), ago(399)), row("old", 3, ago(500))]
    withdrawn = [
        row("withdrawn", 1, ago(40), status="已撤回"),
        row("withdrawn", 2, ago(39), status="重复件"),
        row("withdrawn", 3, ago(38), status="不予受理"),
    ]
    script = "<script>$.getJSON('/jsp/brow/SQContent.jsp', {sq_id: 39065}, show)</script>"
    call = "<div id='list'></div><script>$.post('/user/linked/list.do', {pageNo: 1})</script>"
    refers = "<script>$.post('/wcm/RefersServlet', {currPage: 1})</script>"
    return {
        **long_box("long"),
        **upward_box(),
        "/endless/list.html": box(
            "endless",
            *(row("endless", n, ago(50 - n), ago(49 - n)) for n in range(3)),
            following="2.html",
        ),
        "/upmissing/list.html": box(
            "upmissing",
            *(row("upmissing", n, ago(50 - n), ago(49 - n)) for n in range(3)),
            following="2.html'>下一页</a><a href='9.html'>尾页</a><a href='2.html",
        ),
        "/sought/list.html": page(f"<html><!-- synthetic --><body>{refers}</body></html>"),
        "/wcm/RefersServlet": sought,
        "/open/list.html": box(
            "open", row("open", 9, ago(3)), row("open", 8, ago(20), ago(18)), following="2.html"
        ),
        "/open/2.html": box("open", row("open", 7, ago(30), ago(28)), following="3.html"),
        "/open/3.html": box("open", row("open", 6, ago(50), ago(48))),
        "/open/letter/0009.html": letter(9, ago(3)),
        "/old/list.html": box("old", *old, following="2.html"),
        "/old/2.html": box("old", row("old", 2, ago(600), ago(599))),
        "/old/letter/0003.html": letter(3, ago(500)),
        "/twice/list.html": box(
            "twice",
            row("twice", 2, ago(9), ago(8)),
            row("twice", 1, ago(9), ago(8)),
            following="2.html",
        ),
        "/twice/2.html": box(
            "twice", row("twice", 1, ago(9), ago(8)), row("twice", 0, ago(9), ago(8))
        ),
        "/withdrawn/list.html": box("withdrawn", *withdrawn),
        "/away/list.html": box("away", row("away", 1, ago(4)), row("away", 2, ago(9), ago(8))),
        "/away/letter/0001.html": letter(1, ago(4)),
        "/foreign/list.html": box(
            "foreign", row("foreign", 1, ago(9), ago(8)), following="http://127.0.0.2/2.html"
        ),
        "/broken/list.html": box(
            "broken", row("broken", 1, ago(9), ago(8)), following="missing.html"
        ),
        "/unread/list.html": box("unread", row("unread", 1, ago(9), ago(8)), following="2.html"),
        "/unread/2.html": page("<html><!-- synthetic --><p>系统正在维护中</p></html>"),
        "/silent/list.html": box("silent", silent("silent", 1, ago(30)), head=SILENT_HEAD),
        "/service/list.html": page(f"<html><!-- synthetic --><body>{call}</body></html>"),
        "/user/linked/list.do": service,
        "/script/list.html": box("script", silent("script", 1, ago(7)), head=SILENT_HEAD),
        "/script/letter/0001.html": page(f"<html><!-- synthetic --><h2></h2>{script}</html>"),
        "/jsp/brow/SQContent.jsp?sq_id=39065": content,
        "/late/list.html": box("late", silent("late", 1, ago(12)), head=SILENT_HEAD),
        "/late/letter/0001.html": letter(1, ago(12)),
    }


def second_day() -> dict[str, Answer]:
    """What has changed by the second look."""
    return {
        "/away/list.html": box("away", row("away", 2, ago(9), ago(8))),
        "/away/letter/0001.html": letter(1, ago(4), ago(1)),
        "/late/letter/0001.html": page("<html><!-- synthetic --><p>请登录</p></html>", status=403),
    }


NAMES = (
    *("long", "open", "old", "twice", "withdrawn", "away", "foreign", "broken", "unread"),
    *("silent", "service", "script", "late", "upward", "endless", "upmissing", "sought"),
)


@dataclass(frozen=True)
class Look:
    """What one look at all mailboxes asked for, and what the ledger then holds."""

    asked: list[str]
    visits: dict[str, Visit]
    letters: dict[str, list[Letter]]
    evidence: list[str]

    def paths(self, name: str) -> list[str]:
        return [path.removeprefix(f"/{name}/") for path in self.asked if f"/{name}/" in path]

    def visit(self, name: str) -> Visit:
        return self.visits[f"mailbox:{name}"]

    def refs(self, name: str) -> list[str]:
        return sorted(letter.ref for letter in self.letters.get(f"mailbox:{name}", []))

    def only(self, name: str, ref: str) -> Letter:
        (found,) = [each for each in self.letters[f"mailbox:{name}"] if each.ref == ref]
        return found


def look(server: Server, ledger: Ledger) -> Look:
    server.seen.clear()
    jobs = [Job(f"mailbox:{name}", f"{server.url}/{name}/list.html") for name in NAMES]
    section = CrawlSection(
        delay_seconds=0, timeout_seconds=5, allow_private_networks=("127.0.0.1/32",)
    )
    crawl(ledger, jobs, section)
    histories = ledger.histories([job.subject for job in jobs], now())
    states = ledger.letters(now())
    return Look(
        [path for path, _ in server.seen],
        {key: history.last for key, history in histories.items() if history.last},
        {key: [state.letter for state in found] for key, found in states.items()},
        [link.url.removeprefix(server.url) for link in ledger.evidence_links()],
    )


@pytest.fixture(scope="module")
def looks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Look, Look]]:
    folder = tmp_path_factory.mktemp("mailboxes")
    ledger = Ledger.open(f"sqlite:///{folder / 'x.db'}", folder / "evidence")
    answers = first_day()
    with serving(answers) as server:
        first = look(server, ledger)
        answers.update(second_day())
        yield first, look(server, ledger)
    ledger.close()


@pytest.fixture
def first(looks: tuple[Look, Look]) -> Look:
    return looks[0]


@pytest.fixture
def second(looks: tuple[Look, Look]) -> Look:
    return looks[1]


def test_a_first_look_reads_five_pages_and_no_more(first: Look) -> None:
    assert first.paths("long") == ["list.html", *(f"list{n}.html" for n in range(1, 5))]
    assert len(first.refs("long")) == 5 * ROWS
    assert first.visit("long").note == "按表头读取：3件，3件有日期；读取列表5页"


def test_a_later_look_stops_where_all_letters_are_known_and_answered(second: Look) -> None:
    assert second.paths("long") == ["list.html"]


def test_an_open_letter_leads_on_to_the_page_after_it(first: Look, second: Look) -> None:
    assert first.paths("open") == ["list.html", "2.html", "3.html", "letter/0009.html"]
    assert second.paths("open") == ["list.html", "2.html", "letter/0009.html"]
    assert second.only("open", "open-0009").answered is False


def test_letters_older_than_a_year_are_no_reason_to_read_on(first: Look) -> None:
    assert first.paths("old") == ["list.html", "letter/0003.html"]


def test_a_letter_on_two_pages_is_counted_once(first: Look) -> None:
    assert first.paths("twice") == ["list.html", "2.html"]
    assert first.refs("twice") == ["twice-0000", "twice-0001", "twice-0002"]
    assert first.visit("twice").item_count == 3


def test_letters_withdrawn_refused_or_sent_twice_are_kept_and_not_opened(first: Look) -> None:
    assert first.paths("withdrawn") == ["list.html"]
    assert [first.only("withdrawn", f"withdrawn-000{n}").status for n in (1, 2, 3)] == [
        "已撤回",
        "重复件",
        "不予受理",
    ]
    assert first.visit("withdrawn").unresolved == 0


def test_an_open_letter_that_left_the_list_is_opened_by_its_address(
    first: Look, second: Look
) -> None:
    assert first.only("away", "away-0001").replied_on is None
    assert second.paths("away") == ["list.html", "letter/0001.html"]
    found = second.only("away", "away-0001")
    assert (found.received_on, found.replied_on, found.answered) == (ago(4), ago(1), True)


def test_a_next_page_on_another_host_is_not_asked_for(first: Look) -> None:
    assert first.paths("foreign") == ["list.html"]
    assert first.visit("foreign").outcome is Outcome.OK


def test_a_next_page_that_cannot_be_had_ends_the_list_and_is_told(first: Look) -> None:
    assert first.refs("broken") == ["broken-0001"]
    assert first.refs("unread") == ["unread-0001"]
    assert first.visit("unread").outcome is Outcome.OK
    for name in ("broken", "unread"):
        assert "；列表第2页：" in (first.visit(name).note or "")


def test_a_letter_whose_page_is_missing_and_whose_row_is_silent_is_unresolved(
    first: Look,
) -> None:
    assert first.paths("silent") == ["list.html", "letter/0001.html"]
    assert first.refs("silent") == []
    assert first.visit("silent").unresolved == 1


def test_a_list_service_is_asked_page_by_page(first: Look, second: Look) -> None:
    assert first.refs("service") == ["S-10", "S-11", "S-20", "S-21", "S-30", "S-31"]
    found = first.only("service", "S-20")
    assert (found.received_on, found.replied_on) == (ago(20), ago(19))
    assert second.asked.count("/user/linked/list.do") == 1


def test_a_letter_that_a_script_brings_is_fetched_from_its_service(first: Look) -> None:
    found = first.only("script", "script-0001")
    assert (found.received_on, found.replied_on, found.status) == (ago(6), ago(4), "已办结")


def test_a_letter_whose_page_is_refused_later_is_unresolved_and_stays_as_last_seen(
    first: Look, second: Look
) -> None:
    assert first.visit("late").unresolved == 0
    assert second.visit("late").unresolved == 1
    assert second.only("late", "late-0001") == first.only("late", "late-0001")


def test_a_list_from_old_to_new_is_read_from_its_end(first: Look, second: Look) -> None:
    assert first.paths("upward") == ["list.html", "4.html", "3.html"]
    assert "upward-0042" in first.refs("upward")
    assert first.visit("upward").unresolved == 0
    assert second.paths("upward") == ["list.html", "4.html"]


def test_a_list_from_old_to_new_whose_end_is_not_found_is_not_called_in_order(
    first: Look,
) -> None:
    assert first.paths("endless") == ["list.html"]
    assert first.visit("endless").unresolved == 1
    assert (first.visit("endless").note or "").endswith("列表由旧到新排列，未能找到末页")


def test_a_list_from_old_to_new_whose_end_cannot_be_had_is_not_seen_whole(first: Look) -> None:
    assert first.paths("upmissing") == ["list.html", "9.html"]
    assert first.visit("upmissing").unresolved == 1
    assert (first.visit("upmissing").note or "").endswith("；列表第2页：页面不存在（404）")


def test_an_open_letter_without_address_is_sought_in_the_list(first: Look, second: Look) -> None:
    assert first.only("sought", "open").status == "办理中"
    assert first.asked.count("/wcm/RefersServlet") == 4
    # The first page is known and answered; the second shows the letter, still open.
    assert second.asked.count("/wcm/RefersServlet") == 3
    assert second.visit("sought").unresolved == 0


def test_every_page_and_letter_that_was_read_is_evidence(first: Look) -> None:
    for name in ("long", "open", "twice", "unread"):
        kept = [path for path in first.evidence if path.startswith(f"/{name}/")]
        assert kept == [f"/{name}/{path}" for path in first.paths(name)]
    assert first.evidence.count("/user/linked/list.do") == 4
    assert "/script/letter/0001.html" in first.evidence
    assert "/jsp/brow/SQContent.jsp?sq_id=39065" in first.evidence
