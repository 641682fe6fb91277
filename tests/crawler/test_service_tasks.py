"""A day's sample of guides, forms, searches and catalogues on a loopback server. All synthetic."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from checks.facts import DateSource, Item, Observed, Outcome
from checks.freshness import local_day
from crawler.jobs import Job
from crawler.run import crawl, plan
from crawler.settings import CrawlSection
from storage.clock import now
from storage.inventory import validate
from storage.ledger import Ledger, Sighting
from tests.crawler.server import Answer, Server, page, redirect, serving

TODAY = local_day(now())
DUTIES = frozenset({"guides", "forms", "catalogue", "search", "policy_search", "progress"})
LABELS = ("设定依据", "申请条件", "办理材料", "办理地点", "办理时间", "联系电话", "办理流程")
TEXT = "<p>欢迎使用本网站，以下内容供参阅，如有变动请以最新公布的内容为准，感谢您的支持与理解。</p>"
SECTION = CrawlSection(
    delay_seconds=0, allow_private_networks=("127.0.0.0/8",), obey_robots=True, timeout_seconds=5
)


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def guide(lacking: int, more: str = "") -> Answer:
    rows = "".join(f"<tr><th>{name}</th><td>示例</td></tr>" for name in LABELS[lacking:])
    return page(
        f"<!-- synthetic --><html><head><title>示例事项</title></head><body><h1>示例事项</h1>{TEXT}"
        f"<table>{rows}</table>{more}</body></html>"
    )


def files(*names: str) -> str:
    return "".join(f"<p><a href='/files/{name}'>{name}</a></p>" for name in names)


def listing(*rows: tuple[str, date | None], pager: str = "") -> Answer:
    told = "".join(
        f"<li><a href='/item/{n}.html'>{title}</a><span>{on or ''}</span></li>"
        for n, (title, on) in enumerate(rows)
    )
    return page(
        f"<!-- synthetic --><html><head><title>目录</title></head><body><h2>目录</h2>"
        f"<ul class='list'>{told}</ul>{pager}</body></html>"
    )


def search(handler: BaseHTTPRequestHandler) -> None:
    """Finds every title in `/some`, nothing in `/none`, and is a script's page in `/shell`."""
    parts = urlsplit(handler.path)
    title = parse_qs(parts.query)["q"][0]
    box = f"<!-- synthetic --><html><body>{TEXT}<form><input value='{title}'></form>"
    if parts.path == "/shell":
        body = f"{box}<div id='app'></div><p>没有找到相关结果</p>"
    elif parts.path == "/some":
        body = f"{box}<a href='/item/1.html'>{title.replace('示例', '<em>示例</em>')}</a>"
    else:
        body = f"{box}<p>抱歉，没有找到相关结果</p>"
    page(f"{body}</body></html>")(handler)


class Searching(dict[str, Answer]):
    """Answers of a portal; what its searches are asked for is part of the path."""

    def get(self, key: str, default: Any = None) -> Any:
        asked = key.startswith(("/none?", "/some?", "/shell?"))
        return search if asked else super().get(key, default)


def portal(elsewhere: str) -> dict[str, Answer]:
    shell = "<html><!-- synthetic --><body><div id='app'></div></body></html>"
    word = "application/msword"
    return Searching(
        {
            "/fw/0.html": guide(0, files("good.doc", "lost.doc")),
            "/fw/3.html": guide(3, files("html.doc", "soft.doc")),
            "/fw/4.html": guide(4, files("login.doc", "empty.doc")),
            "/fw/403.html": page("<html>Forbidden</html>", status=403),
            "/fw/away.html": redirect(f"{elsewhere}/zwfw/1.html"),
            "/fw/shell.html": page(shell),
            "/files/good.doc": page(b"\xd0\xcf\x11\xe0" + b"x" * 3_000_000, Content_Type=word),
            "/files/html.doc": page(f"<html><!-- synthetic --><body>{TEXT * 20}</body></html>"),
            "/files/soft.doc": page("<html><!-- synthetic --><p>您访问的页面不存在</p></html>"),
            "/files/login.doc": page("<html><p>请登录</p></html>", status=401),
            "/files/empty.doc": page(b"", Content_Type=word),
            "/jd/": page(
                f"<html><!-- synthetic --><h2>办件进度查询</h2>{TEXT}"
                "<form action='/q'><input name='no'></form></html>"
            ),
            "/ml/": listing(("示例局机构职能", ago(30)), ("示例局内设机构", ago(31))),
            "/part/": listing(
                ("示例局机构职能", ago(30)), ("示例局内设机构", ago(31)), pager="<p>共 9 页</p>"
            ),
            "/paged/": listing(
                ("示例局机构职能", ago(30)),
                ("示例局内设机构", ago(31)),
                pager="<a href='/paged/2.html'>下一页</a>",
            ),
            "/paged/2.html": listing(
                ("示例局2026年财政预算", ago(90)),
                ("示例局年度报告", ago(91)),
                pager="<a href='/paged/'>上一页</a>",
            ),
        }
    )


def register(url: str, **site: Any) -> dict[str, list[dict[str, Any]]]:
    def column(name: str, kind: str, **more: Any) -> dict[str, Any]:
        base = {"id": name, "site": "s", "name": name, "url": f"{url}/{name}/", "unit": "u"}
        return {**base, "class": kind, **more}

    expected = ["机构职能", "财政预算"]
    return {
        "unit": [{"id": "u", "name": "示例单位"}],
        "site": [{"id": "s", "name": "示例网站", "home": f"{url}/", "unit": "u", **site}],
        "column": [
            column("fw", "service"),
            column("news", "news"),
            column("ml", "catalog", expected=expected),
            column("part", "catalog", expected=expected),
            column("paged", "catalog", expected=expected),
            column("free", "catalog"),
        ],
    }


def item(url: str, title: str, days: int) -> Item:
    return Item(title, url, ago(days), str(ago(days)), DateSource.LIST)


GUIDES = ("0", "3", "4", "403", "away", "shell")


@dataclass
class Office:
    """A ledger with a register and the items that the columns showed before."""

    ledger: Ledger
    server: Server

    def load(self, **site: Any) -> None:
        rows = validate(register(self.server.url, **site), "test")
        self.ledger.load_inventory(rows, now())

    def remember(self, column: str, items: Sequence[Item]) -> None:
        run = self.ledger.start_run(1, now())
        seen = Sighting(f"column:{column}", now(), Outcome.OK, items=tuple(items))
        self.ledger.record(run, seen)

    def jobs(self, duties: frozenset[str] = DUTIES, days: int = 0) -> list[Job]:
        planned = plan(
            self.ledger, self.ledger.inventory(), now() + timedelta(days), None, None, duties
        )
        return [job for job in planned if job.task]

    def run(self, jobs: Sequence[Job]) -> dict[tuple[str, str], Observed]:
        crawl(self.ledger, jobs, SECTION, timeout=100)
        keys = [subject.key for subject in self.ledger.subjects()]
        told = self.ledger.observed(now(), keys)
        return {(each.family, each.key): each for looks in told.values() for each in looks}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    folder = tmp_path_factory.mktemp("services")
    ledger = Ledger.open(f"sqlite:///{folder / 'x.db'}", folder / "evidence")
    network = {"/zwfw/1.html": guide(5)}
    with serving(network, "127.0.0.2") as other, serving(portal(other.url)) as server:
        office = Office(ledger, server)
        url = server.url
        office.load(search=f"{url}/some?q={{title}}", progress=f"{url}/jd/")
        office.remember("fw", [item(f"{url}/fw/{n}.html", f"示例事项之{n}", 400) for n in GUIDES])
        office.remember(
            "news", [item(f"{url}/n/{n}.html", f"示例市召开第{n}次全体会议", 30) for n in range(9)]
        )
        yield office
    ledger.close()


@pytest.fixture(scope="module")
def told(office: Office) -> dict[tuple[str, str], Observed]:
    """What one day's run notes of guides, files, searches and the query of progress."""
    return office.run(office.jobs())


Told = dict[tuple[str, str], Observed]


def of_guide(office: Office, told: Told, name: str) -> tuple[Outcome, dict[str, Any]]:
    seen = told["guide", f"{office.server.url}/fw/{name}.html"]
    return seen.outcome, dict(seen.facts)


@pytest.mark.parametrize("lacking", [0, 3, 4])
def test_a_guide_is_noted_with_what_it_lacks_and_its_evidence(
    office: Office, told: Told, lacking: int
) -> None:
    outcome, facts = of_guide(office, told, str(lacking))
    assert outcome is Outcome.OK
    assert [name for name, how in facts["shown"].items() if how == "absent"] == [*LABELS[:lacking]]
    assert (facts["title"], facts["listed"]) == (f"示例事项之{lacking}", len(GUIDES))
    assert told["guide", f"{office.server.url}/fw/{lacking}.html"].evidence


@pytest.mark.parametrize(
    ("name", "outcome", "why"),
    [
        ("403", Outcome.BLOCKED, "页面是防护或验证提示（403）"),
        ("shell", Outcome.UNREADABLE, "页面几乎没有文字，须人工核查"),
    ],
)
def test_a_guide_that_cannot_be_read_is_noted_as_not_known(
    office: Office, told: Told, name: str, outcome: Outcome, why: str
) -> None:
    assert of_guide(office, told, name)[0] is outcome
    assert of_guide(office, told, name)[1] == {
        "title": f"示例事项之{name}",
        "listed": len(GUIDES),
        "why": why,
    }


def test_a_guide_that_leads_to_another_site_is_not_known(office: Office, told: Told) -> None:
    outcome, facts = of_guide(office, told, "away")
    assert outcome is Outcome.UNREADABLE
    assert facts["why"].startswith("页面转到其他网站（http://127.0.0.2:")
    assert "shown" not in facts


@pytest.mark.parametrize(
    ("name", "outcome", "downloads", "why"),
    [
        ("good", Outcome.OK, True, "可以下载"),
        ("lost", Outcome.GONE, False, "页面不存在（404）"),
        ("empty", Outcome.OK, False, "文件为空"),
        ("soft", Outcome.GONE, False, "页面提示内容不存在：“页面不存在”"),
        ("html", Outcome.UNREADABLE, None, "返回的是网页而不是文件，须人工核查"),
        ("login", Outcome.BLOCKED, None, "服务器要求登录（401）"),
    ],
)
def test_a_form_downloads_or_does_not_or_is_not_known(
    office: Office,
    told: Told,
    name: str,
    outcome: Outcome,
    downloads: bool | None,
    why: str,
) -> None:
    seen = told["form_file", f"{office.server.url}/files/{name}.doc"]
    assert (seen.outcome, seen.facts.get("downloads")) == (outcome, downloads)
    assert seen.facts["why"] == why
    assert seen.facts["title"] == f"{name}.doc"
    assert seen.evidence


def test_of_a_large_file_only_its_beginning_is_kept(office: Office, told: Told) -> None:
    kept = sum(each.stat().st_size for each in office.ledger.evidence.folder.rglob("*.warc*"))
    assert kept < 1_000_000


def test_a_title_that_is_found_ends_the_search(office: Office, told: Told) -> None:
    sought = [seen for (family, _), seen in told.items() if family == "search"]
    assert [(each.subject, each.facts["found"]) for each in sought] == [("site:s", True)]
    assert sought[0].facts["on"] == str(ago(30))


def test_the_query_of_progress_is_reached(office: Office, told: Told) -> None:
    seen = told["progress", f"{office.server.url}/jd/"]
    assert seen.facts == {"reached": True, "why": "页面有查询表单"}


def test_what_was_looked_at_today_is_not_looked_at_again_today(office: Office, told: Told) -> None:
    assert office.jobs() == []
    tomorrow = office.jobs(days=1)
    assert [job.task for job in tomorrow] == ["guide"] * len(GUIDES) + ["search", "progress"]


def test_a_corrected_address_is_looked_at_the_same_day(office: Office, tmp_path: Path) -> None:
    """A failed search counts as a look as well; the old address comes back to its own look."""
    ledger = Ledger.open(f"sqlite:///{tmp_path / 'x.db'}", tmp_path / "evidence")
    today, url = Office(ledger, office.server), office.server.url
    duties = frozenset({"search", "progress"})
    old = {"search": f"{url}/gone?q={{title}}", "progress": f"{url}/gone/"}
    today.load(**old)
    today.remember("news", [item(f"{url}/n/1.html", "示例市召开第一次全体会议", 30)])
    met = today.run(today.jobs(duties))
    (search,) = [seen for (family, _), seen in met.items() if family == "search"]
    assert "asked" in search.facts
    assert search.outcome is Outcome.GONE
    assert today.jobs(duties) == []
    today.load(search=f"{url}/some?q={{title}}", progress=f"{url}/jd/")
    assert [job.task for job in today.jobs(duties)] == ["search", "progress"]
    today.load(**{**old, "progress": f"{url}/jd/"})
    assert [job.task for job in today.jobs(duties)] == ["progress"]
    ledger.close()


def test_guides_and_files_with_faults_come_again_after_a_week(office: Office, told: Told) -> None:
    url = office.server.url
    for days, first in ((6, ()), (7, ("4", "3", "0"))):
        jobs = [job for job in office.jobs(days=days) if job.task == "guide"]
        opened = [job.url.removeprefix(f"{url}/fw/").removesuffix(".html") for job in jobs]
        rest = [name for name in sorted(GUIDES) if name not in first]
        assert opened == [*first, *rest]
    lost = {f"{url}/files/{name}.doc" for name in ("lost", "soft", "empty")}
    assert set(jobs[0].asks["lost"]) == lost


def test_nothing_is_looked_for_that_no_duty_asks_for(office: Office) -> None:
    assert office.jobs(frozenset({"mark"}), days=1) == []
    forms = office.jobs(frozenset({"guides"}), days=1)
    assert {(job.task, job.asks["files"]) for job in forms} == {("guide", 0)}


def search_job(office: Office, name: str) -> Job:
    """Three titles looked for in another search of the same portal."""
    titles = [f"示例工作第{n}号通知" for n in range(3)]
    base = f"{office.server.url}/{name}?q="
    asks = [{"title": each, "on": str(ago(30)), "url": base + quote(each)} for each in titles]
    return Job(f"site:{name}", base, task="policy_search", asks={"titles": asks})


CATALOGUES = ("ml", "part", "paged", "free")


@pytest.fixture(scope="module")
def later(office: Office, told: Told) -> dict[str, list[Observed]]:
    """Three other searches and four catalogues, looked at in one run, by subject."""
    register = office.ledger.inventory()
    planned = plan(office.ledger, register, now(), None, "column", frozenset({"catalogue"}))
    jobs = [job for job in planned if job.subject.partition(":")[2] in CATALOGUES]
    jobs += [search_job(office, name) for name in ("none", "shell", "gone")]
    crawl(office.ledger, jobs, SECTION, timeout=100)
    looks = office.ledger.observed(now(), [job.subject for job in jobs])
    return {subject: list(seen) for subject, seen in looks.items()}


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("none", [(False, Outcome.OK)] * 3),
        ("shell", [(None, Outcome.UNREADABLE)] * 3),
        ("gone", [(None, Outcome.GONE)]),
    ],
)
def test_a_search_is_asked_for_three_titles_unless_it_fails(
    later: dict[str, list[Observed]], name: str, answers: list[tuple[bool | None, Outcome]]
) -> None:
    looks = later[f"site:{name}"]
    assert [(each.facts.get("found"), each.outcome) for each in looks] == answers
    assert len({each.at for each in looks}) == 1


def test_a_catalogue_is_noted_in_its_own_visit(later: dict[str, list[Observed]]) -> None:
    duty = {"机构职能": str(ago(30))}
    keys = [f"column:{name}" for name in CATALOGUES]
    assert {key: dict(later[key][0].facts) for key in keys if key in later} == {
        "column:ml": {"present": duty, "absent": ["财政预算"], "undated": []},
        "column:part": {"present": duty, "absent": [], "undated": []},
        "column:paged": {
            "present": {**duty, "财政预算": str(ago(90))},
            "absent": [],
            "undated": [],
        },
    }
