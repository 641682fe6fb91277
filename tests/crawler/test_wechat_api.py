"""Accounts by the 公众号 interface, looked at by the real crawling process at a stand-in."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import crawler.run
from app.reread import weigh_again
from checks.calendar import load_calendar
from checks.facts import History, Outcome, Visit
from checks.freshness import Moment, local_day
from checks.judge import Facts, judge
from checks.rules import pack_texts, read_law
from checks.verdicts import Verdict
from crawler.children import OnLine, Order, run_child
from crawler.jobs import Job
from crawler.run import crawl, plan
from crawler.settings import CrawlSection, WechatSection
from storage.clock import now
from storage.credentials import variables
from storage.inventory import validate
from storage.ledger import Ledger
from tests.app.run import called, xunjian
from tests.crawler.server import page, serving
from tests.crawler.wechat_stand_in import (
    MATERIALS,
    PUBLISHED,
    TOKEN,
    Account,
    Message,
    StandIn,
    serving_wechat,
)

LAW = read_law(pack_texts(["cn-2019"]), load_calendar())
TODAY = local_day(now())
NOON = timedelta(hours=12)
LOOPBACK = ("127.0.0.1/32",)
BODY_LIMIT = 200_000


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def message(days: int, title: str = "", **more: Any) -> Message:
    """Published at noon in Shanghai, so many days ago; today's at midnight."""
    on = datetime.combine(ago(days), datetime.min.time(), UTC) - timedelta(hours=8)
    moment = on + (NOON if days else timedelta(0))
    return Message(int(moment.timestamp()), [title or f"{days}天前的信息"], **more)


def messages(*days: int) -> list[Message]:
    return [message(each, f"第{n}条") for n, each in enumerate(days)]


def accounts() -> dict[str, Account]:
    """By the id in the register; the AppID is `wx-` and the id."""
    held = {
        "fresh": Account("", [message(1), message(30)]),
        "pages": Account("", messages(*range(45))),
        "long": Account("", messages(*range(0, 400, 4))),
        "upward": Account("", messages(*range(59, 0, -1))),
        "scattered": Account("", messages(*[90, 1] * 60)),
        "renewed": Account("", messages(*range(45)), uses=2),
        "refused": Account("", messages(*range(45)), uses=1),
        "brief": Account("", messages(*range(45)), seconds=60),
        "shared": Account("", [message(1)]),
        "deleted": Account("", [message(1, deleted=True), message(9)]),
        "stale": Account("", [message(20), message(30)]),
        "edited": Account("", [message(20)], [message(3, "草稿"), message(25, "旧稿")]),
        "twice": Account("", [message(20, "同题")], [message(20, "同题")]),
        "many": Account("", messages(*range(20, 121))),
        "certified": Account("", [message(20)], errors={MATERIALS: 48001}),
        "exhausted": Account("", [message(20)], errors={MATERIALS: 45009}),
        "empty": Account(""),
        "drafts": Account("", [], [message(3, "草稿")]),
        "wrong-secret": Account("", [message(1)]),
        "allow.list": Account("", [message(1)], errors={TOKEN: 40164}),
        "busy": Account("", [message(1)], errors={PUBLISHED: -1}),
        "quota": Account("", [message(1)], errors={PUBLISHED: 45009}),
        "uncertified": Account("", [message(1)], errors={PUBLISHED: 48001}),
        "dead": Account("", [message(1)], errors={PUBLISHED: 40001}),
        "page": Account("", raw={PUBLISHED: b"<html>synthetic</html>"}),
        "huge": Account("", raw={PUBLISHED: b" " * (BODY_LIMIT + 1)}),
        "cut": Account("", raw={PUBLISHED: b'{"total_count": 1, "item": [\0\0'}),
        "lent": Account("", raw={TOKEN: b"{}"}),
    }
    for name, account in held.items():
        account.secret = f"{name}-SECRET-c0ffee"
    return held


WITHOUT = ("missing", "unknown", "twin")
FAILING = {
    "wrong-secret": Outcome.BLOCKED,
    "allow.list": Outcome.BLOCKED,
    "busy": Outcome.UNREACHABLE,
    "quota": Outcome.BLOCKED,
    "uncertified": Outcome.BLOCKED,
    "dead": Outcome.BLOCKED,
    "page": Outcome.UNREADABLE,
    "huge": Outcome.TOO_LARGE,
    "cut": Outcome.UNREACHABLE,
    "lent": Outcome.UNREADABLE,
    "missing": Outcome.REFUSED,
    "unknown": Outcome.BLOCKED,
}


def environment(held: Mapping[str, Account]) -> dict[str, str]:
    """What the office sets: wrong of one account, of others unknown, absent, or another's."""
    secrets = {name: account.secret for name, account in held.items()}
    secrets |= {"wrong-secret": "wrong-SECRET-c0ffee", "unknown": "unknown-SECRET-c0ffee"}
    found: dict[str, str] = {}
    for name, secret in secrets.items():
        appid, variable = variables(name)
        found |= {appid: f"wx-{name}", variable: secret}
    twins = zip(variables("twin"), variables("shared"), strict=True)
    return found | {mine: found[other] for mine, other in twins}


@dataclass
class Run:
    """What one run left: visits by id, what the stand-in was asked, what the child was told."""

    visits: Mapping[str, Visit]
    histories: Mapping[str, History]
    stand_in: StandIn
    ledger: Ledger
    order: Order

    def visit(self, name: str) -> Visit:
        return self.visits[name]

    def note(self, name: str) -> str:
        return self.visits[name].note or ""

    def asked(self, name: str) -> Counter[str]:
        return Counter(path for path, appid in self.stand_in.asked if appid == f"wx-{name}")

    def verdict(self, name: str, rule: str = "nm_14d") -> Verdict:
        subjects = [each for each in self.ledger.subjects() if each.id == name]
        bench = judge(LAW, Facts(subjects, self.histories), Moment(TODAY))
        (row,) = [row for row in bench.rows if row.rule == rule]
        return row.verdict


def run(folder: Path, held: dict[str, Account], **wechat: tuple[str, ...]) -> Run:
    ledger = Ledger.open(f"sqlite:///{folder / 'xunjian.db'}", folder / "evidence")
    names = [*held, *WITHOUT]
    rows = [
        {"id": name, "platform": "wechat", "name": name, "unit": name, "source": "wechat_api"}
        for name in names
    ]
    units = [{"id": name, "name": name} for name in names]
    ledger.load_inventory(validate({"unit": units, "account": rows}, "synthetic"), now())
    section = CrawlSection(
        delay_seconds=0, timeout_seconds=20, max_bytes=BODY_LIMIT, allow_private_networks=LOOPBACK
    )
    told: list[Order] = []

    def noting(order: Order, on_line: OnLine, bound: float) -> str | None:
        told.append(order)
        return run_child(order, on_line, bound)

    by_appid = {f"wx-{name}": account for name, account in held.items()}
    with pytest.MonkeyPatch.context() as patch, serving_wechat(by_appid) as (stand_in, url):
        patch.setattr(crawler.run, "run_child", noting)
        for name, value in environment(held).items():
            patch.setenv(name, value)
        jobs = plan(ledger, ledger.inventory(), now(), only="account")
        crawl(ledger, jobs, section, wechat=WechatSection(base_url=url, **wechat))
    histories = ledger.histories([job.subject for job in jobs], now())
    visits = {
        key.removeprefix("account:"): history.last
        for key, history in histories.items()
        if history.last
    }
    return Run(visits, histories, stand_in, ledger, told[0])


@pytest.fixture(scope="module")
def default(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    done = run(tmp_path_factory.mktemp("wechat"), accounts())
    yield done
    done.ledger.close()


@pytest.fixture(scope="module")
def vouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """One run of an office that has compared the list with the 发表记录."""
    names = {
        *("fresh", "shared", "stale", "edited", "twice", "many", "certified", "exhausted"),
        *("empty", "drafts", "scattered"),
    }
    held = {name: account for name, account in accounts().items() if name in names}
    done = run(tmp_path_factory.mktemp("vouched"), held, lists_mass_sends=tuple(held))
    yield done
    done.ledger.close()


def newest(done: Run, *names: str) -> dict[str, date | None]:
    return {name: done.visit(name).newest for name in names}


def test_the_newest_article_that_was_published_and_stands_is_the_last_update(default: Run) -> None:
    assert newest(default, "fresh", "pages", "deleted", "stale", "edited") == {
        "fresh": ago(1),
        "pages": TODAY,
        "deleted": ago(9),
        "stale": ago(20),
        "edited": ago(20),
    }
    visit = default.visit("fresh")
    assert (visit.outcome, visit.reader, visit.unresolved) == (Outcome.OK, "wechat_api", 0)
    assert (visit.newest_title, visit.item_count) == ("1天前的信息", 2)


def test_of_many_accounts_those_that_fail_touch_no_other(default: Run) -> None:
    met = {name: visit.outcome for name, visit in default.visits.items()}
    assert {name: met[name] for name in FAILING} == FAILING
    nothing = {"empty": Outcome.UNREADABLE, "drafts": Outcome.UNREADABLE}
    assert {name: outcome for name, outcome in met.items() if outcome is not Outcome.OK} == {
        **FAILING,
        **nothing,
    }
    assert all(default.verdict(name) is Verdict.UNKNOWN for name in [*FAILING, *nothing])
    assert [default.visit(name).newest for name in FAILING] == [None] * len(FAILING)


def test_every_failure_tells_a_clerk_what_to_do(default: Run) -> None:
    base = default.order["wechat"]["base_url"]
    assert {name: default.note(name) for name in FAILING} == {
        "wrong-secret": (
            "AppSecret 不正确：请核对；如已遗失，请在公众平台“设置与开发—基本配置”中"
            "重置后更新环境变量（错误码40125）"
        ),
        "allow.list": (
            "本机出口地址 203.0.113.7 不在该公众号的IP白名单内："
            "请在公众平台“设置与开发—基本配置—IP白名单”中加入该地址（错误码40164）"
        ),
        "busy": "微信接口繁忙：本次未能查看，请稍后再巡检（错误码-1）",
        "quota": (
            "当日接口调用次数已用完：次日恢复；如经常发生，请与其他使用该接口的系统协调（错误码45009）"
        ),
        "uncertified": (
            "接口未授权，公众号可能未认证：请完成认证并开通该接口，或改用后台导出、人工登记（错误码48001）"
        ),
        "dead": (
            "接口调用凭证无效或已过期：请核对该账号的 AppID、AppSecret，"
            "并避免其他系统反复强制刷新凭证（错误码40001）"
        ),
        "page": "公众号接口返回的不是所需的数据",
        "huge": f"返回内容超过大小上限（{base}{PUBLISHED}）",
        "cut": f"连接中断，内容没有收全（{base}{PUBLISHED}）",
        "lent": "凭证接口的答复无法识别",
        "missing": (
            "未提供公众号接口的凭证：请设置环境变量 "
            "XUNJIAN_WECHAT_APPID_MISSING、XUNJIAN_WECHAT_SECRET_MISSING"
        ),
        "unknown": (
            "AppID 不正确：请按公众平台“设置与开发—基本配置”所示核对，区分大小写（错误码40013）"
        ),
    }


def test_a_token_is_asked_for_once_and_serves_all_pages(default: Run) -> None:
    assert default.asked("pages") == {TOKEN: 1, PUBLISHED: 3}
    assert default.asked("fresh") == {TOKEN: 1, PUBLISHED: 1}


def test_two_accounts_of_one_appid_share_its_token(default: Run) -> None:
    assert default.asked("shared") == {TOKEN: 1, PUBLISHED: 2}
    assert newest(default, "shared", "twin") == {"shared": ago(1), "twin": ago(1)}


def test_a_token_is_not_used_when_it_is_about_to_expire(default: Run) -> None:
    assert default.asked("brief") == {TOKEN: 3, PUBLISHED: 3}


def test_a_refused_token_is_renewed_once(default: Run) -> None:
    assert default.asked("renewed") == {TOKEN: 2, PUBLISHED: 3, "expired": 1}
    assert (default.visit("renewed").newest, default.visit("renewed").item_count) == (TODAY, 45)
    assert default.asked("dead") == {TOKEN: 2, PUBLISHED: 2}
    assert Counter(default.stand_in.forced) == {"wx-renewed": 1, "wx-refused": 1, "wx-dead": 1}


def test_a_second_refusal_is_final_and_the_rest_of_the_list_in_doubt(default: Run) -> None:
    visit = default.visit("refused")
    assert (visit.outcome, visit.newest, visit.item_count) == (Outcome.OK, TODAY, 40)
    assert visit.unresolved == 1
    assert "第3页未能读取：接口调用凭证无效或已过期" in default.note("refused")


def test_a_list_is_read_until_it_is_surely_older_than_sixty_days(default: Run) -> None:
    assert (default.asked("long")[PUBLISHED], default.visit("long").unresolved) == (1, 0)
    assert default.asked("upward")[PUBLISHED] == 3
    assert newest(default, "upward", "scattered") == {"upward": ago(1), "scattered": ago(1)}


def test_no_more_than_five_pages_are_read_and_what_stays_unread_is_a_doubt(default: Run) -> None:
    assert default.asked("scattered")[PUBLISHED] == 5
    assert default.visit("scattered").unresolved == 1
    assert "列表未按时间排列，其余各页未读，不能排除更晚的信息" in default.note("scattered")


def test_an_old_list_accuses_nobody_because_mass_sends_may_be_missing(default: Run) -> None:
    assert default.visit("stale").unresolved == 1
    assert default.note("stale").endswith(
        "近7天没有见到发布，而接口未必列出群发内容，请以后台导出或人工核对为准；"
        "与后台“发表记录”核对一致后，可将账号编号列入 [wechat] lists_mass_sends"
    )
    assert default.verdict("stale") is Verdict.UNKNOWN
    assert default.verdict("fresh") is Verdict.OK


def test_only_an_account_that_may_be_late_is_asked_for_its_materials(default: Run) -> None:
    asked = {name for name in default.visits if default.asked(name)[MATERIALS]}
    assert asked == {
        *("deleted", "stale", "edited", "twice", "many", "certified", "exhausted"),
        *("empty", "drafts"),
    }


def test_a_list_that_the_office_has_compared_may_accuse(vouched: Run) -> None:
    assert (vouched.visit("stale").unresolved, vouched.verdict("stale")) == (0, Verdict.OVERDUE)
    assert (vouched.visit("empty").outcome, vouched.verdict("empty")) == (
        Outcome.EMPTY,
        Verdict.BLANK,
    )


def test_a_later_material_forbids_an_accusation_and_is_no_update(vouched: Run) -> None:
    visit = vouched.visit("edited")
    assert (visit.newest, visit.unresolved) == (ago(20), 1)
    assert "素材库中有在最近一次发布之后编辑的图文，是否发布不能确定" in vouched.note("edited")
    assert vouched.verdict("edited") is Verdict.UNKNOWN
    assert vouched.visit("drafts").outcome is Outcome.UNREADABLE
    assert vouched.verdict("drafts") is Verdict.UNKNOWN


def test_a_material_never_takes_the_place_of_what_was_published(vouched: Run) -> None:
    visit = vouched.visit("twice")
    assert (visit.newest, visit.item_count, visit.unresolved) == (ago(20), 1, 0)


def test_a_long_list_that_runs_down_may_accuse_without_being_read_to_its_end(vouched: Run) -> None:
    assert vouched.asked("many")[PUBLISHED] == 5
    assert (vouched.visit("many").unresolved, vouched.verdict("many")) == (0, Verdict.OVERDUE)


def test_materials_that_we_may_not_see_are_a_remark_those_that_failed_a_doubt(vouched: Run) -> None:
    assert vouched.verdict("certified") is Verdict.OVERDUE
    assert "素材库未能核对：接口未授权" in vouched.note("certified")
    assert vouched.verdict("exhausted") is Verdict.UNKNOWN
    assert "素材库未能核对：当日接口调用次数已用完" in vouched.note("exhausted")


def test_an_unread_rest_is_a_doubt_for_an_office_that_has_compared_too(vouched: Run) -> None:
    assert vouched.visit("scattered").unresolved == 1


def test_the_evidence_are_the_lists_under_addresses_without_a_token(default: Run) -> None:
    base = default.order["wechat"]["base_url"]
    links = list(default.ledger.evidence_links())
    kept = Counter((link.subject, link.url.removeprefix(base)) for link in links)
    assert kept["account:pages", PUBLISHED] == 3
    assert (kept["account:edited", PUBLISHED], kept["account:edited", MATERIALS]) == (1, 1)
    assert {address for _, address in kept} == {PUBLISHED, MATERIALS}
    assert not {subject for subject, _ in kept} & {f"account:{name}" for name in FAILING}
    assert list(default.ledger.evidence.check(iter(links))) == []


@pytest.mark.parametrize("name", ["fresh", "pages", "edited"])
def test_an_explanation_reads_the_answers_again(default: Run, name: str) -> None:
    visit = default.visit(name)
    again = weigh_again(default.ledger, {"source": "wechat_api"}, visit)
    assert again is not None
    assert [(each.on, each.rule) for each in again.candidates] == [
        (visit.newest, "接口返回或后台导出的发布时间")
    ]
    assert again.origin == f"按现行读取方式重读 {TODAY} 留存的页面"


def test_no_secret_and_no_token_is_anywhere_but_in_the_environment(tmp_path: Path) -> None:
    """Through the command itself, so that all it writes and says is looked at: of the crawl the
    process, since the crawling process speaks beside it."""
    held = accounts()
    del held["long"], held["upward"], held["scattered"]
    home = tmp_path / "home"
    assert called("init", home=home).code == 0
    lines = ['[[unit]]\nid = "u"\nname = "政府办"\n']
    for name in [*held, "echo", *WITHOUT]:
        row = f'id = "{name}"\nplatform = "wechat"\nname = "{name}"\nunit = "u"\n'
        lines.append(f'[[account]]\n{row}source = "wechat_api"\n')
    (home / "inventory.toml").write_text("".join(lines), encoding="utf-8")
    held["echo"] = Account("echo-SECRET-c0ffee")
    by_appid = {f"wx-{name}": account for name, account in held.items()}
    with serving_wechat(by_appid) as (stand_in, url):
        token = "84_wx-echo-0_TOKEN"
        held["echo"].raw[PUBLISHED] = json.dumps(
            {"total_count": 1, "item": [], "url": f"{url}?access_token={token}"}
        ).encode()
        settings = (
            f"[crawl]\ndelay_seconds = 0\nmax_bytes = {BODY_LIMIT}\n"
            f"allow_private_networks = {list(LOOPBACK)}\n[wechat]\nbase_url = '{url}/'\n"
        )
        (home / "settings.toml").write_text(settings, encoding="utf-8")
        given = environment(held)
        ran = [called("inventory", "load", home=home)]
        ran.append(xunjian("crawl", "--only", "accounts", home=home, **given))
        for command in ("doctor",), ("explain", "echo"):
            ran.append(called(*command, home=home, **given))
    assert [each.code for each in ran] == [0, 0, 0, 0]
    assert "公众号接口的答复中含有凭证，不予留存" in ran[3].out
    streams = "".join(each.out + each.err for each in ran)
    assert "access_token=***" in streams  # Scrapy did name an address, of what was cut off
    tokens = sorted(stand_in.tokens)
    assert token in tokens
    private = [*given.values(), *tokens]
    written = [streams.encode(), *_files(home)]
    assert [each for each in private if any(each.encode() in body for body in written)] == []


def _files(home: Path) -> Iterator[bytes]:
    """Every file of the home directory as it is, and the evidence unpacked."""
    found = [path for path in home.rglob("*") if path.is_file()]
    assert {".db", ".gz"} <= {path.suffix for path in found}
    for path in found:
        body = path.read_bytes()
        yield gzip.decompress(body) if path.suffix == ".gz" else body


def test_the_order_to_the_crawling_process_holds_no_credentials(default: Run) -> None:
    order = json.dumps(default.order)
    assert default.order["wechat"]["lists_mass_sends"] == []
    held = environment(accounts())
    assert [value for value in held.values() if value in order] == []


def test_nothing_else_is_asked_for_not_even_robots(default: Run) -> None:
    known = {TOKEN, PUBLISHED, MATERIALS, "expired"}
    assert {path for path, _ in default.stand_in.asked} == known


def one(folder: Path, base_url: str, *networks: str) -> Visit:
    """One account with good credentials, looked at under these guards."""
    ledger = Ledger.open(f"sqlite:///{folder / 'xunjian.db'}", folder / "evidence")
    section = CrawlSection(delay_seconds=0, timeout_seconds=5, allow_private_networks=networks)
    job = Job("account:fresh", "", reader="wechat_api")
    with pytest.MonkeyPatch.context() as patch:
        for name in variables("fresh"):
            patch.setenv(name, "synthetic")
        crawl(ledger, [job], section, wechat=WechatSection(base_url=base_url))
    (look,) = ledger.histories(["account:fresh"], now()).values()
    ledger.close()
    assert look.last is not None
    return look.last


def test_a_base_address_inside_is_refused_unless_its_network_is_allowed(tmp_path: Path) -> None:
    with serving_wechat({"synthetic": Account("synthetic")}) as (stand_in, url):
        visit = one(tmp_path, url)
    assert (visit.outcome, stand_in.asked) == (Outcome.REFUSED, [])
    assert visit.note == f"地址属于未获准访问的内部网络（{url}{TOKEN}）"


def test_credentials_follow_no_redirect(tmp_path: Path) -> None:
    answers = {TOKEN: page("", status=307, Location="/elsewhere")}
    with serving(answers) as server:
        visit = one(tmp_path, server.url, *LOOPBACK)
    assert server.asked == [f"POST {TOKEN}"]
    assert (visit.outcome, visit.note) == (Outcome.UNREACHABLE, "重定向没有完成（307）")


@pytest.mark.parametrize("given", ["https://api.weixin.qq.com/", "http://127.0.0.1:80"])
def test_a_base_address_is_a_host_alone(given: str) -> None:
    assert WechatSection(base_url=given).base_url == given.rstrip("/")


@pytest.mark.parametrize(
    "given",
    [
        *("", "api.weixin.qq.com", "ftp://api.weixin.qq.com", "https://", "https://a.cn/cgi-bin"),
        *("https://a.cn?x=1", "https://a.cn/#x", "https://user:word@a.cn", "https://a.cn /"),
        *("https://a.cn//", "https://a.cn:x", "javascript:alert(1)", "https://a.cn\n"),
    ],
)
def test_a_base_address_that_holds_anything_else_stops_the_start(given: str) -> None:
    with pytest.raises(ValueError, match="应为不带路径的网址"):
        WechatSection(base_url=given)
