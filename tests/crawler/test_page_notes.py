"""Sites, columns and mailboxes on a loopback server: what their pages show of their duties.

All pages are synthetic. One crawl looks at everything; the answers are those of the real pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from checks.answers import ANSWERS, answer_duties
from checks.channel import CHANNEL
from checks.duty_table import Mark
from checks.facts import Observed, Outcome
from checks.freshness import local_day
from checks.owed import Case, DutyRow
from checks.page_facts import PAGE, PAGE_DUTIES
from checks.rules import pack_texts, read_pack
from checks.subjects import SubjectKind
from checks.verdicts import DutyState
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from storage.clock import now
from storage.inventory import Inventory, validate
from storage.ledger import Ledger, Note, Noticed
from tests.crawler.server import Answer, page, redirect, serving

TODAY = local_day(now())
PACK = read_pack(pack_texts(["cn-2019"])["cn-2019"], "cn-2019.toml")
DUTIES = [duty for duty in PACK.duties if duty.about in ANSWERS]
YEAR = TODAY.year - (1 if (TODAY.month, TODAY.day) > (1, 31) else 2)
CODE = "3206850001"
FOOT: dict[Mark, str] = {
    Mark.SIGN: '<a href="https://bszs.conac.cn/sitename?id=0"><img src="d.png" alt="党政机关"></a>',
    Mark.ERROR_ENTRY: f'<script id="_jiucuo_" sitecode="{CODE}" src="/js/jiucuo.js"></script>',
    Mark.SITE_CODE: f"<span>网站标识码：{CODE}</span>",
    Mark.ICP: '<a href="https://beian.miit.gov.cn">苏ICP备12345678号-1</a>',
    Mark.POLICE: '<a href="https://beian.mps.gov.cn/">苏公网安备32062102000001号</a>',
    Mark.HOST: "<p>主办单位：示例市人民政府办公室</p>",
    Mark.CONTACT: "<p>联系电话：0513-88880000</p>",
}
SITE_TAGS = {"SiteName": "示例市", "SiteDomain": "www.shili.gov.cn", "SiteIDCode": CODE}
COLUMN_TAGS = {f"Column{each}": "要闻" for each in ("Name", "Description", "Keywords", "Type")}
ARTICLE_TAGS = {
    "ArticleTitle": "示例市第1次会议",
    "PubDate": f"{TODAY} 09:30",
    "ContentSource": "示例日报",
}
FORM_LINK = f'<a href="/nb.html">政府网站工作年度报表（{YEAR}年度）</a>'
WRITE = (
    '<form action="/save.do" method="post"><p>标题：<input name="title"></p>'
    '<p>姓名：<input name="xm"></p><textarea name="nr"></textarea>'
    '<input type="submit" value="提交"></form>'
)
NAMES = ("full", *(f"no_{mark}" for mark in Mark), "blocked", "written", "away", "odd", "down")


def shown(
    body: str, tags: Mapping[str, str] = SITE_TAGS, foot: Mapping[Mark, str] = FOOT, more: str = ""
) -> Answer:
    metas = "".join(f'<meta name="{name}" content="{value}">' for name, value in tags.items())
    foot_html = "".join((*foot.values(), more))
    return page(
        f"<!DOCTYPE html><!-- synthetic --><html><head><title>示例市</title>{metas}</head><body>"
        f"<ul>{menu('/c{}/')}</ul>{body}<div class='footer'><p>版权所有</p>{foot_html}"
        "</div></body></html>"
    )


def menu(leads: str) -> str:
    numbers = range(20)
    return "".join(f'<li><a href="{leads.format(n)}">示例市栏目第{n}个</a></li>' for n in numbers)


def listed(name: str, leads: str = "/{}.html") -> Answer:
    rows = "".join(
        f"<li><a href='/{name}{leads.format(n)}'>示例市第{n}次会议部署工作</a>"
        f"<span>{TODAY - timedelta(days=n)}</span></li>"
        for n in range(1, 9)
    )
    return shown(f"<ul class='list'>{rows}</ul>", {**SITE_TAGS, **COLUMN_TAGS})


def article(foot: Mapping[Mark, str] = FOOT) -> Answer:
    tags = {**SITE_TAGS, **COLUMN_TAGS, **ARTICLE_TAGS}
    return shown(f"<h1>示例市第1次会议</h1><p>时间：{TODAY} 09:30</p><p>正文。</p>", tags, foot)


def answers() -> dict[str, Answer]:
    found = {
        "/full/": shown(FORM_LINK),
        "/blocked/": page("<html><!-- synthetic --><p>拒绝访问</p></html>", status=403),
        "/written/": shown(
            FORM_LINK, foot={}, more="<div id='beian'></div><script src='/js/foot.js'></script>"
        ),
        "/away/": shown(
            f'{FORM_LINK}<a href="https://x.example.com/a">友情链接</a>'
            '<a href="http://203.0.113.9/b">旧系统</a><a href="https://www.gov.cn/">中国政府网</a>'
        ),
        "/odd/": shown(FORM_LINK),
        "/moved/": redirect("/odd/"),
        "/nested/": listed("nested", "/{}/"),
        "/nested/1/": shown(f"<ul class='list'>{menu('/nested/1/{}.html')}</ul>"),
        "/files/": listed("files", "/{}.pdf"),
        "/save.do": page("<html><!-- synthetic --><p>已提交</p></html>"),
        "/box/list.html": shown("<p>来信选登</p><a href='/box/write.html'>我要写信</a>"),
        "/box/write.html": shown(WRITE),
        "/own/list.html": shown(WRITE),
        "/shut/list.html": shown("<p>来信选登</p>"),
        "/shut/write.html": shown("<p>本信箱已停用</p>", foot={Mark.HOST: FOOT[Mark.HOST]}),
        "/lost/list.html": shown("<p>来信选登</p>"),
        "/new/list.html": shown("<p>来信选登</p>"),
        "/xf/list.html": shown("<a href='/xf/write.html'>我要写信</a>"),
        "/xf/write.html": shown(WRITE),
    }
    for mark in Mark:
        less = {each: html for each, html in FOOT.items() if each is not mark}
        # A copyright line may name the host, so the page without one has none.
        found[f"/no_{mark}/"] = shown(FORM_LINK, foot=less)
    for n in range(10):
        found[f"/c{n}/"] = listed(f"c{n}")
        found[f"/c{n}/1.html"] = article()
    return found


def register(url: str) -> Inventory:
    sites = [
        {"id": name, "name": name, "home": f"{url}/{name}/", "unit": "u", "code": CODE}
        for name in NAMES
    ]
    sites[-1]["home"] = "http://127.0.0.1:1/"
    columns = [_column(f"c{n}", f"{url}/c{n}/") for n in range(10)]
    columns.append(_column("elsewhere", url.replace("127.0.0.1", "127.0.0.2") + "/c0/"))
    columns += [_column(each, f"{url}/{each}/", "odd") for each in ("moved", "nested", "files")]
    boxes = [
        {"id": each, "site": "full", "name": name, "url": f"{url}/{each}/list.html", "unit": "u"}
        for each, name in (
            *(("box", "市长信箱"), ("own", "咨询"), ("shut", "建议")),
            *(("lost", "留言"), ("new", "提问"), ("xf", "网上信访")),
        )
    ]
    forms = {"shut", "lost", "new"}
    boxes = [
        {**box, "form": f"{url}/{box['id']}/write.html"} if box["id"] in forms else box
        for box in boxes
    ]
    told = {"site": sites, "column": columns, "mailbox": boxes}
    return validate({"unit": [{"id": "u", "name": "政府办"}], **told}, "x")


def _column(name: str, url: str, site: str = "full") -> dict[str, Any]:
    told = {"id": name, "site": site, "name": name, "class": "news", "unit": "u"}
    return {**told, "url": url}


@dataclass(frozen=True)
class Looked:
    """What one crawl asked for, and what the ledger then holds."""

    commands: list[str]
    paths: list[str]
    again: list[str]
    observed: dict[str, tuple[Observed, ...]]
    rows: dict[tuple[str, str], DutyRow]
    url: str

    def state(self, subject: str, duty: str) -> DutyState:
        return self.rows[subject, duty].state

    def unmet(self, subject: str) -> list[str]:
        states = {duty: row.state for (key, duty), row in self.rows.items() if key == subject}
        return [duty for duty, state in states.items() if state is DutyState.UNMET]


def recording(answer: Answer, commands: list[str]) -> Answer:
    def recorded(handler: BaseHTTPRequestHandler) -> None:
        commands.append(handler.command)
        answer(handler)

    return recorded


@pytest.fixture(scope="module")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Looked:
    folder = tmp_path_factory.mktemp("pages")
    ledger = Ledger.open(f"sqlite:///{folder / 'x.db'}", folder / "evidence")
    section = CrawlSection(
        delay_seconds=0, timeout_seconds=5, allow_private_networks=("127.0.0.0/8",)
    )
    commands: list[str] = []
    families = frozenset(ANSWERS)
    with serving({path: recording(each, commands) for path, each in answers().items()}) as server:
        ledger.load_inventory(register(server.url), now())
        lost = f"{server.url}/lost/write.html"
        yesterday = now() - timedelta(days=1)
        gone = {"why": "页面不存在（404）", "gone_since": str(local_day(yesterday))}
        note = Note("channel", lost, Outcome.GONE, gone)
        ledger.observe(None, Noticed("mailbox:lost", yesterday, (note,)))
        crawl(ledger, plan(ledger, ledger.inventory(), now(), duties=families), section)
        paths = [path for path, _ in server.seen]
        server.seen.clear()
        boxes = plan(ledger, ledger.inventory(), now(), only="mailbox", duties=families)
        crawl(ledger, boxes, section)
        again = [path for path, _ in server.seen]
        url = server.url
    subjects = ledger.subjects(None)
    seen = ledger.observed(now(), [subject.key for subject in subjects])
    noted = (PAGE, CHANNEL)
    observed = {
        key: tuple(each for each in looks if each.family in noted) for key, looks in seen.items()
    }
    cases = [Case(each, TODAY, observed.get(each.key, ())) for each in subjects]
    owed = [duty for duty in DUTIES if duty.about in (*PAGE_DUTIES, CHANNEL)]
    answered = [row for case in cases for row in answer_duties(case, owed)]
    rows = {(row.subject.key, row.duty.id): row for row in answered}
    ledger.close()
    return Looked(commands, paths, again, observed, rows, url)


def test_a_site_that_shows_everything_meets_every_duty_of_its_pages(looked: Looked) -> None:
    rows = {duty: row for (key, duty), row in looked.rows.items() if key == "site:full"}
    inner = {"domain_gov_cn", "domain_no_ip", "domain_single"}  # loopback tells nothing of these
    assert len(rows) == 23
    others = {duty: row.answer for duty, row in rows.items() if duty not in inner}
    assert {duty: a.reason for duty, a in others.items() if a.state is not DutyState.MET} == {}
    assert {rows[duty].state for duty in inner} == {DutyState.UNKNOWN}
    assert rows["foot_icp"].answer.reason == "抽查9个页面，均符合要求"
    assert rows["foot_icp"].answer.evidence is not None


def test_a_home_page_four_columns_and_an_article_of_each_are_looked_at(looked: Looked) -> None:
    kinds = [seen.facts["kind"] for seen in looked.observed["site:full"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {"home": 1, "list": 4, "article": 4}
    assert sum(path.endswith("/1.html") for path in looked.paths) == 4
    assert not any(path.endswith("/2.html") for path in looked.paths)


def test_only_an_article_is_asked_for_an_articles_tags(looked: Looked) -> None:
    """One column leads back to the home page, one to further lists, one to files."""
    seen = [each.key.removeprefix(looked.url) for each in looked.observed["site:odd"]]
    assert seen == ["/files/", "/nested/", "/odd/"]
    assert "/nested/1/" in looked.paths
    assert "/files/1.pdf" not in looked.paths
    assert looked.unmet("site:odd") == []


@pytest.mark.parametrize("mark", list(Mark))
def test_a_mark_missing_on_the_home_page_is_the_only_fault(looked: Looked, mark: Mark) -> None:
    # A copyright line may stand for the host: a person has to say.
    expected = [] if mark is Mark.HOST else [f"foot_{mark}"]
    assert looked.unmet(f"site:no_{mark}") == expected
    if expected:
        found = looked.rows[f"site:no_{mark}", expected[0]].answer
        assert found.reason == f"抽查1个页面，1个缺少此项：首页 {looked.url}/no_{mark}/"
    else:
        assert looked.state("site:no_host", "foot_host") is DutyState.UNKNOWN


@pytest.mark.parametrize("name", ["blocked", "down"])
def test_a_home_page_that_was_not_seen_leaves_every_duty_unknown(looked: Looked, name: str) -> None:
    states = {row.state for (key, _), row in looked.rows.items() if key == f"site:{name}"}
    assert states == {DutyState.UNKNOWN}
    (seen,) = looked.observed[f"site:{name}"]
    expected = Outcome.BLOCKED if name == "blocked" else Outcome.UNREACHABLE
    assert (seen.outcome, seen.facts["kind"]) == (expected, "home")


def test_a_foot_that_a_script_writes_is_unknown(looked: Looked) -> None:
    marks = {f"foot_{mark}": looked.state("site:written", f"foot_{mark}") for mark in Mark}
    assert set(marks.values()) == {DutyState.UNKNOWN}
    assert looked.unmet("site:written") == []


def test_links_to_other_hosts_are_told(looked: Looked) -> None:
    home = f"首页 {looked.url}/away/"
    assert looked.unmet("site:away") == ["outside_links"]
    assert looked.rows["site:away", "outside_links"].answer.reason == (
        f"抽查1个页面，1个含此类链接，共2条：“友情链接”https://x.example.com/a（见于{home}）；"
        f"“旧系统”http://203.0.113.9/b（见于{home}）"
    )


@pytest.mark.parametrize(
    ("name", "state", "reason"),
    [
        ("box", DutyState.MET, "写信页面有填写处（标题、姓名、内容）"),
        ("own", DutyState.MET, "写信页面有填写处（标题、姓名、内容）"),
        ("shut", DutyState.UNMET, "写信页面写明“本信箱已停用”"),
        (
            "lost",
            DutyState.UNMET,
            f"登记的写信页面不存在：{TODAY - timedelta(days=1)}和{TODAY}两次查看均如此",
        ),
        ("new", DutyState.UNKNOWN, f"登记的写信页面{TODAY}打开时已不存在，待再次查看"),
        ("xf", DutyState.UNKNOWN, "网上信访、纪检举报等专门渠道，不计入咨询建言渠道"),
    ],
)
def test_whether_a_letter_can_be_written(
    looked: Looked, name: str, state: DutyState, reason: str
) -> None:
    found = looked.rows[f"mailbox:{name}", "w5_channel"].answer
    assert (found.state, found.reason) == (state, reason)


def test_one_page_more_is_asked_for_and_none_where_the_way_was_seen_today(looked: Looked) -> None:
    first = [path for path in looked.paths if path.endswith("/write.html")]
    again = [path for path in looked.again if path.endswith("/write.html")]
    assert sorted(first) == [f"/{name}/write.html" for name in ("box", "lost", "new", "shut")]
    assert sorted(again) == [f"/{name}/write.html" for name in ("lost", "new", "shut")]


def test_nothing_is_ever_sent(looked: Looked) -> None:
    assert set(looked.commands) == {"GET"}
    assert "/save.do" not in looked.paths + looked.again


def test_without_anybody_asking_no_page_is_opened_for_it(tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("unasked")
    ledger = Ledger.open(f"sqlite:///{folder / 'x.db'}", folder / "evidence")
    ledger.load_inventory(register("http://127.0.0.1:8"), now())
    jobs = plan(ledger, ledger.inventory(), now())
    assert {(job.notes, job.requests) for job in jobs} == {((), 1)}
    assert {job.kind for job in jobs} >= {str(SubjectKind.SITE), str(SubjectKind.COLUMN)}
    ledger.close()
