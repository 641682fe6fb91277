"""The demo portal serves what its plan claims, and lets go at once."""

from __future__ import annotations

import http.client
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from email.message import Message
from html import escape
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode, urlsplit

import pytest

from app.demo.columns import Column
from app.demo.pages.jpage import column_number, unit_number
from app.demo.pages.routes import FAMILIES
from app.demo.pages.truecms import column_key
from app.demo.plan import Plan, make_plan
from app.demo.portal import LOOPBACK, Portal
from checks.calendar import load_calendar
from tests.hang import no_hang

TODAY = date(2026, 11, 22)
CALENDAR = load_calendar()
ANY_DAY = r"(?:19|20)\d\d[-/.年](?:0?[1-9]|1[0-2])[-/.月]\d"
MARK = "synthetic page of the xunjian demo portal"


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(TODAY, CALENDAR, with_vetoes=False)


@pytest.fixture(scope="module")
def portal(plan: Plan) -> Iterator[Portal]:
    with Portal(plan) as running:
        yield running


def column(plan: Plan, column_id: str) -> Column:
    return next(column for column in plan.columns if column.id == column_id)


def ask(
    portal: Portal,
    host: str,
    path: str,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> tuple[int, Message, bytes]:
    """Status, headers and body of one answer, redirects not followed; POST with a form."""
    client = http.client.HTTPConnection(urlsplit(portal.base_urls[host]).netloc, timeout=5)
    client.request(
        "GET" if form is None else "POST",
        path,
        None if form is None else urlencode(form),
        dict(headers or {}),
    )
    answer = client.getresponse()
    found = answer.status, answer.headers, answer.read()
    client.close()
    return found


def fetch(portal: Portal, host: str, path: str, headers: Mapping[str, str] | None = None) -> bytes:
    code, _, body = ask(portal, host, path, headers=headers)
    assert code == 200, path
    return body


def page(portal: Portal, column: Column) -> str:
    charset = "gb18030" if column.site == "town" else "utf-8"
    return fetch(portal, column.host, column.path).decode(charset)


def status(portal: Portal, host: str, path: str, headers: Mapping[str, str] | None = None) -> int:
    return ask(portal, host, path, headers=headers)[0]


# The register


def test_the_register_is_valid_toml_and_complete(plan: Plan, portal: Portal) -> None:
    data = tomllib.loads(plan.inventory_toml(portal.base_urls))
    keys = {
        f"{kind}:{row['id']}"
        for kind in ("site", "column", "mailbox", "account")
        for row in data[kind]
    }
    assert keys == plan.subjects.keys()
    units = {row["id"] for row in data["unit"]}
    rows = [row for kind in ("site", "column", "mailbox", "account") for row in data[kind]]
    assert {row["unit"] for row in rows} <= units
    assert all(re.fullmatch(r"\d{10}", row["code"]) for row in data["site"])
    exempt = next(row for row in data["column"] if row["id"] == "jyj-sdjs")
    assert exempt["exempt_until"] == TODAY + timedelta(30)


# The pages


def test_every_server_has_a_port_of_its_own_on_loopback(portal: Portal) -> None:
    assert set(portal.base_urls) == {"portal", "fgw", "jyj", "town", "media"}
    assert len(set(portal.base_urls.values())) == 5
    assert {urlsplit(url).hostname for url in portal.base_urls.values()} == {LOOPBACK}
    assert LOOPBACK == "127.0.0.1"


def test_truecms_rows_stand_in_the_hidden_block(plan: Plan, portal: Portal) -> None:
    news = column(plan, "portal-bmdt")
    text = page(portal, news)
    block = re.search(r'<div id="initData" style="display:none">(.*?)</div>', text, re.S)
    assert block
    assert re.findall(r"<span>([\d-]+)</span></li>", block[1]) == [str(e.on) for e in news.rows]
    assert f"columnId:'{column_key(news)}'" in text
    assert MARK in text


def test_truecms_service_answers_jsonp_only_to_its_own_column(plan: Plan, portal: Portal) -> None:
    news = column(plan, "portal-mszx")
    assert "<li>" not in page(portal, news)
    query = urlencode(
        {
            "startrecord": 1,
            "endrecord": 30,
            "perpage": 10,
            "columnId": column_key(news),
            "callback": "cb",
        }
    )
    path = f"/truecms/messageController/getMessage.do?{query}"
    assert status(portal, "portal", path) == 403
    home = {"Referer": portal.base_urls["portal"] + "/"}
    assert status(portal, "portal", path, home) == 403
    referer = {"Referer": portal.base_urls["portal"] + news.path}
    text = fetch(portal, "portal", path, referer).decode()
    assert text.startswith("cb(")
    store = json.loads(text[3:-1])["result"]
    assert store.count("<record><![CDATA[<li>") == len(news.rows)
    assert str(news.expected.newest) in store
    wide = path.replace("endrecord=30", "endrecord=100")
    assert b"<record>" not in fetch(portal, "portal", wide, referer)


def test_jpage_rows_stand_in_cdata_or_come_by_post(plan: Plan, portal: Portal) -> None:
    inline = column(plan, "fgw-gzdt")
    assert page(portal, inline).count("<record><![CDATA[") == len(inline.rows)
    posted = column(plan, "fgw-yshj")
    text = page(portal, posted)
    assert "<record>" not in text
    assert f"columnid:{column_number(posted)}" in text
    path = "/module/web/jpage/dataproxy.jsp?startrecord=1&endrecord=45&perpage=15"
    assert status(portal, "fgw", path) == 405
    form = {"columnid": column_number(posted), "unitid": unit_number(posted), "webid": "39"}
    store = ask(portal, "fgw", path, form)[2].decode()
    assert store.count("<record><![CDATA[") == len(posted.rows)
    assert f"<span>{posted.expected.newest}</span>" in store


def test_trs_links_are_relative_and_dates_bracketed(plan: Plan, portal: Portal) -> None:
    news = column(plan, "jyj-gzdt")
    text = page(portal, news)
    links = re.findall(r'href="(\./\d{6}/t\d{8}_\d{6}\.html)"', text)
    assert len(links) == len(news.rows)
    assert f"<span>[{news.expected.newest}]</span>" in text
    article = fetch(portal, "jyj", news.path + links[0][2:]).decode()
    assert f'name="PubDate" content="{news.expected.newest} ' in article
    assert f"发布时间：{news.expected.newest} " in article


def test_gbk_pages_decode_as_gb18030_and_declare_gb2312_in_the_page_only(
    plan: Plan, portal: Portal
) -> None:
    news = column(plan, "qxz-zwdt")
    _, headers, body = ask(portal, "town", news.path)
    assert headers["Content-Type"] == "text/html"
    text = body.decode("gb18030")
    assert "charset=gb2312" in text
    assert "垚" in text
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")
    assert text.count(f"<td>{news.expected.newest}</td>") >= 1


def test_every_linked_item_has_a_page(plan: Plan, portal: Portal) -> None:
    for host in ("portal", "fgw", "jyj", "town"):
        charset = "gb18030" if host == "town" else "utf-8"
        home = fetch(portal, host, "/").decode(charset)
        assert MARK in home
        newest = re.findall(r'<li><a href="(/[^"]+)"', home)
        assert len(newest) == 12
        for link in newest:
            assert MARK in fetch(portal, host, link).decode(charset)
    for planted in plan.columns:
        for entry in planted.entries:
            path = FAMILIES[plan_family(plan, planted)].article_path(planted, entry)
            charset = "gb18030" if planted.host == "town" else "utf-8"
            article = fetch(portal, planted.host, path).decode(charset)
            assert escape(entry.title) in article
            assert "来源" in article


def plan_family(plan: Plan, planted: Column) -> str:
    return next(site.family for site in plan.sites if site.id == planted.site)


def test_traps_stand_beside_stale_lists(plan: Plan, portal: Portal) -> None:
    assert "今天是2026年11月22日 星期日" in page(portal, column(plan, "fgw-nygl"))
    for column_id in ("portal-jydt", "sqz-sqsd"):
        assert f"<span>{TODAY}</span>" in page(portal, column(plan, column_id))
    assert "公示期至2026年11月22日" in page(portal, column(plan, "portal-hygk"))
    typo = TODAY + timedelta(363)
    assert typo.year == 2027
    assert page(portal, column(plan, "fgw-xyjs")).count(str(typo)) == 1


def test_month_day_lists_never_show_a_year(plan: Plan, portal: Portal) -> None:
    for column_id in ("jyj-jcjy", "jyj-zyjy"):
        planted = column(plan, column_id)
        text = page(portal, planted)
        rows = re.search(r'<ul class="list">(.*?)</ul>', text, re.S)
        assert rows
        assert not re.search(r"20\d\d", rows[1])
        top = planted.rows[0].on
        assert top
        assert f"<span>{top:%m-%d}</span>" in rows[1]
        link = re.search(r'href="\./(content_\d+\.html)"', rows[1])
        assert link
        article = fetch(portal, "jyj", planted.path + link[1]).decode()
        assert f"发布时间：{top} " in article


def test_undated_items_show_no_date_anywhere(plan: Plan, portal: Portal) -> None:
    for column_id in ("portal-jgsz", "jyj-zsks"):
        planted = column(plan, column_id)
        text = page(portal, planted)
        assert not re.search(ANY_DAY, text)
        links = re.findall(r'<li><a href="([^"]+)"', text)
        assert len(links) == 5
        base = planted.path if planted.site == "jyj" else ""
        for link in links:
            article = fetch(portal, planted.host, base + link.removeprefix("./")).decode()
            assert not re.search(ANY_DAY, article)


def test_blank_columns_say_so(plan: Plan, portal: Portal) -> None:
    blank = [planted for planted in plan.columns if planted.fault == "blank"]
    assert {planted.site for planted in blank} == {"portal", "fgw", "town"}
    for planted in blank:
        assert "暂无内容" in page(portal, planted)


@pytest.mark.parametrize(
    ("column_id", "expected"),
    [
        ("portal-wsdt", 403),
        ("fgw-lscb", 200),
        ("fgw-ggzy", 302),
        ("jyj-jszp", 503),
        ("jyj-xwfb", 200),
        ("jyj-jyyw", 200),
        ("lwz-ztzl", 404),
        ("lwz-lwms", 412),
        ("qxz-qxwl", 200),
    ],
)
def test_obstacles_answer_with_their_status(
    plan: Plan, portal: Portal, column_id: str, expected: int
) -> None:
    planted = column(plan, column_id)
    assert status(portal, planted.host, planted.path) == expected


def test_the_firewall_shell_is_7_kb_and_named(plan: Plan, portal: Portal) -> None:
    _, _, body = ask(portal, "portal", column(plan, "portal-wsdt").path)
    assert 7000 <= len(body) <= 8000
    assert "<title>拒绝执行 | 网站云防护系统</title>" in body.decode()
    assert fetch(portal, "fgw", column(plan, "fgw-lscb").path) == body


def test_the_redirect_loop_has_no_end(plan: Plan, portal: Portal) -> None:
    start = column(plan, "fgw-ggzy").path
    _, first, _ = ask(portal, "fgw", start)
    code, second, _ = ask(portal, "fgw", first["Location"])
    assert (code, second["Location"]) == (302, start)
    assert first["Location"] != start


def test_the_stub_leads_to_the_list(plan: Plan, portal: Portal) -> None:
    stub = column(plan, "jyj-jyyw")
    target = re.search(r'content="0;URL=\./([^"]+)"', page(portal, stub))
    assert target
    listed = fetch(portal, "jyj", stub.path + target[1]).decode()
    assert f"[{stub.expected.newest}]" in listed


def test_robots_close_exactly_one_column(plan: Plan, portal: Portal) -> None:
    closed = [
        (host, line.removeprefix("Disallow: "))
        for host in plan.hosts
        for line in fetch(portal, host, "/robots.txt").decode().splitlines()
        if line.startswith("Disallow: ")
    ]
    assert sorted(closed) == [("jyj", "/zwgk/nbxx/"), ("portal", "/admin/")]
    hit = [
        planted.id
        for planted in plan.columns
        for host, path in closed
        if planted.host == host and planted.path.startswith(path)
    ]
    assert hit == ["jyj-nbxx"]


def test_a_conditional_request_gives_304(plan: Plan, portal: Portal) -> None:
    kept = [planted for planted in plan.columns if planted.conditional]
    assert len(kept) == 5
    for planted in kept:
        where = portal, planted.host, planted.path
        _, headers, _ = ask(*where)
        tag, changed = headers["ETag"], headers["Last-Modified"]
        assert ask(*where, headers={"If-None-Match": tag})[::2] == (304, b"")
        assert ask(*where, headers={"If-Modified-Since": changed})[::2] == (304, b"")
        stale = {"If-None-Match": '"other"', "If-Modified-Since": changed}
        assert ask(*where, headers=stale)[0] == 200


def test_letter_pages_show_the_answer_that_lists_leave_out(plan: Plan, portal: Portal) -> None:
    for mailbox in (each for each in plan.mailboxes if each.path):
        listed = fetch(portal, mailbox.host, mailbox.path).decode()
        for letter in mailbox.letters:
            link = re.search(rf'href="([^"]+{letter.ref}\.html)"', listed)
            assert link
            detail = fetch(portal, mailbox.host, link[1]).decode()
            label = "答复时间" if mailbox.style == "table" else "办结时间"
            assert (label in detail) == (letter.replied is not None)
            assert letter.replied is None or f"{letter.replied} 16:20" in detail


def test_feeds_carry_their_traps(plan: Plan, portal: Portal) -> None:
    feeds = {
        account.id: (account, fetch(portal, account.host, account.path).decode())
        for account in plan.accounts
        if account.path and account.obstacle is None
    }
    assert len(feeds) == 11
    assert "<pubDate>Fri, 20 Nov 2026 10:30:00 GMT</pubDate>" in feeds["wx-ylfb"][1]
    atom = feeds["wx-yljy"][1]
    assert "<published>" not in atom
    assert "<updated>2026-11-21T16:05:00.000Z</updated>" in atom
    assert "<updated>2026-11-02T10:30:00.000Z</updated>" in atom
    utc = json.loads(feeds["dy-ylwl"][1])
    assert utc["items"][0]["date_modified"] == "2026-11-07T17:40:00.000Z"
    assert feeds["dy-ylwl"][0].expected.newest == date(2026, 11, 8)
    assert "<pubDate>Thu, 19 Nov 2026 18:30:00 </pubDate>" in feeds["tt-ylfg"][1]
    cards = json.loads(feeds["wb-yljk"][1])["data"]["cards"]
    assert cards[0]["mblog"]["mblogtype"] == 2
    assert cards[1]["mblog"]["created_at"] == "Tue Nov 10 18:30:00 +0800 2026"
    met = {each.id: each for each in plan.accounts if each.path and each.obstacle is not None}
    statuses = {name: status(portal, each.host, each.path) for name, each in met.items()}
    assert statuses == {
        "ks-qxz": 403,
        "ks-lwz": 403,
        "wb-ylfb": 432,
        "wx-qxz": 200,
        "tt-ylwl": 200,
    }


# The server


def test_requests_are_kept_with_their_user_agent(plan: Plan) -> None:
    with Portal(plan) as portal:
        fetch(portal, "jyj", "/robots.txt", {"User-Agent": "xunjian-test"})
        assert [(seen.method, seen.path, seen.user_agent) for seen in portal.requests] == [
            ("GET", "/robots.txt", "xunjian-test")
        ]
        assert portal.requests[0].port == urlsplit(portal.base_urls["jyj"]).port
        assert portal.requests[0].at.tzinfo is not None


def test_closing_is_immediate_while_a_connection_is_held(plan: Plan) -> None:
    portal = Portal(plan)
    held = column(plan, "sqz-mszx")
    client = http.client.HTTPConnection(urlsplit(portal.base_urls["town"]).netloc, timeout=30)
    client.request("GET", held.path)
    ended: list[type[Exception]] = []

    def wait() -> None:
        try:
            client.getresponse()
        except http.client.HTTPException as error:
            ended.append(type(error))

    waiting = Thread(target=wait)
    waiting.start()
    while not portal.requests:
        waiting.join(0.01)
    assert waiting.is_alive()
    with no_hang():
        portal.close()
        waiting.join()
    assert ended == [http.client.RemoteDisconnected]
    portal.close()


def test_starting_writes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Portal(make_plan(TODAY, CALENDAR, with_vetoes=False)) as portal:
        fetch(portal, "portal", "/")
    assert list(tmp_path.iterdir()) == []


def test_ports_follow_the_first_one(plan: Plan) -> None:
    for first in range(21000, 29000, 100):
        try:
            portal = Portal(plan, first_port=first)
        except OSError:
            continue  # somebody else's port: try the next block
        with portal:
            ports = [urlsplit(url).port for url in portal.base_urls.values()]
        assert ports == list(range(first, first + 5))
        return
    pytest.fail("no free block of ports")
