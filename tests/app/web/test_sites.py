"""Sites: an hourly strip in which our own outage is nobody's, links found gone, vetoes near."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any

import pytest
from bs4 import BeautifulSoup

from app.home import Home
from app.web import snapshot
from app.web.availability import hours_of, missed, standing
from checks.facts import Outcome
from checks.freshness import SHANGHAI
from checks.links import FAMILY, LinkKind, LinkLook, LinkState, PageLink, as_facts
from checks.probes import Access, AvailabilityRule, Probe
from storage.inventory import read_toml
from storage.ledger import LookedAt, Note, Noticed, ProbeNote
from tests.app.life import REGISTER, Life, begin
from tests.app.web.visiting import Visit, enter_people, rows_of, visiting

HOME = "http://portal.example/"
HOSTILE = "<img src=x onerror=alert(1)>"
SECOND = """
[[site]]
id = "t"
name = "示例教育网"
home = "https://jyj.example/"
unit = "jyj"
"""
RULE = AvailabilityRule.of(
    {
        "days": 7,
        "slow_ms": 15000,
        "percent": 5,
        "min_per_day": 20,
        "min_total": 140,
        "min_gap_minutes": 20,
        "max_gap_minutes": 240,
        "down_after": 3,
        "up_after": 2,
    }
)
DEAD = [
    PageLink(f"{HOME}fj/{n:02}.pdf", LinkKind.ATTACHMENT, HOSTILE if n == 0 else f"附件{n}")
    for n in range(52)
]
GOOD = PageLink(f"{HOME}1.html", LinkKind.PAGE, "示例要闻")


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime.combine(date(2026, 11, day), time(hour, minute), SHANGHAI)


def probe(day: int, hour: int, outcome: Outcome = Outcome.OK, **how: Any) -> Probe:
    known = {"site": "s", "elapsed_ms": 300, **how}
    return Probe(at=at(day, hour), outcome=outcome, **known)


TROUBLE: dict[int, tuple[Outcome, dict[str, Any]]] = {
    3: (Outcome.UNREACHABLE, {"elapsed_ms": 20000}),
    4: (Outcome.OK, {"elapsed_ms": 16000}),
    5: (Outcome.BLOCKED, {}),
    6: (Outcome.UNREACHABLE, {"ours": True}),
}


def week() -> Iterator[Probe]:
    """Every hour from the 15th to the 22nd at nine; four hours of the 18th were no good."""
    for day in range(15, 23):
        for hour in range(24 if day < 22 else 9):
            outcome, how = TROUBLE.get(hour, (Outcome.OK, {})) if day == 18 else (Outcome.OK, {})
            yield probe(day, hour, outcome, **how)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    with pytest.MonkeyPatch.context() as patch:
        life = next(begin(Home(tmp_path_factory.mktemp("sites")), patch, "2026-11-22"))
        patch.setattr(snapshot, "now", lambda: life.at)
        register = read_toml(REGISTER + SECOND, "synthetic")
        life.ledger.load_inventory(register, at(21, 12))
        enter_people(life.ledger)
        fill(life)
        yield life
        life.ledger.close()


def fill(life: Life) -> None:
    ledger = life.ledger
    for each in week():
        bad = each.outcome is Outcome.UNREACHABLE and not each.ours
        ledger.record_probe(each, None, f"连接超时{HOSTILE}" if bad else None)
    for hour in range(9):
        ledger.record_probe(probe(22, hour, Outcome.UNREACHABLE, site="t", ours=True))
    tls = {
        "https": True,
        "host": "portal.example",
        "matches": True,
        "chain": "trusted",
        "names": ["portal.example"],
        "protocol": "TLSv1.3",
        "not_before": "2026-01-01T00:00:00+08:00",
        "not_after": "2027-01-31T00:00:00+08:00",
    }
    notes = (
        Note(FAMILY, HOME, Outcome.OK, as_facts((GOOD, *DEAD))),
        Note("tls", HOME, Outcome.OK, tls),
    )
    ledger.observe(None, Noticed("site:s", at(21, 8), notes))
    looks = [LookedAt(("s",), LinkLook(GOOD.url, at(21, 9), LinkState.OK))]
    for day in (20, 21):
        said = [LinkLook(link.url, at(day, 9), LinkState.DEAD, 404) for link in DEAD]
        looks += [LookedAt(("s",), look) for look in said]
    ledger.record_links(looks)


@pytest.fixture(scope="module")
def clerk(life: Life) -> Iterator[Visit]:
    with visiting(life.home, life.ledger, "clerk") as visit:
        yield visit


def marks(page: BeautifulSoup, day: str, nth: int = 0) -> str:
    """The hours of one day of a strip; a dot for an hour without a visit."""
    strip = page.select("table.strip")[nth]
    (row,) = [row for row in strip.select("tbody tr") if row.select_one("th").get_text() == day]  # type: ignore[union-attr]
    cells = row.select("td")[:24]
    return "".join(
        mark.get_text() if (mark := cell.select_one("[aria-hidden]")) else "." for cell in cells
    )


def last_cells(page: BeautifulSoup, day: str) -> list[str]:
    return next(row[-2:] for row in rows_of(page, "table.strip") if row[0] == day)


# The strip


def test_each_hour_of_seven_days_and_today_says_how_it_went(clerk: Visit) -> None:
    page = clerk.get("/sites")
    assert marks(page, "11-18") == "通通通断断？？" + "通" * 17
    assert marks(page, "11-15") == "通" * 24
    assert marks(page, "11-22（今日）") == "通" * 9 + "." * 15
    today = rows_of(page, "table.strip")[0]
    assert today[9:12] == ["通 打开1次", "未访问", "尚未到"]
    days = [row[0] for row in rows_of(page, "table.strip")][:8]
    assert days == ["11-22（今日）", *(f"11-{n}" for n in range(21, 14, -1))]
    told = "打开 20，未能 2，不明 1，本机中断 1"
    assert last_cells(page, "11-18") == ["90.9%", told]
    cells = page.select("table.strip td.p-failed, table.strip td.p-unknown")
    assert [(cell["class"], cell["title"]) for cell in cells[:4]] == [
        (["p-failed"], "未能及时打开1次"),
        (["p-failed"], "未能及时打开1次"),
        (["p-unknown"], "情况不明1次"),
        (["p-unknown"], "本机网络中断1次，情况不明"),
    ]
    assert [cell.select_one(".sr").get_text() for cell in cells] == [c["title"] for c in cells]  # type: ignore[union-attr]


def test_visits_that_we_could_not_make_are_not_known_and_never_down(clerk: Visit) -> None:
    page = clerk.get("/sites")
    assert marks(page, "11-22（今日）", 1) == "？" * 9 + "." * 15
    row = next(row for row in rows_of(page, "table.sites") if row[0] == "示例教育网")
    assert row[3:5] == ["情况不明", "—"]
    strip = page.select("table.strip")[1]
    assert not strip.select(".p-failed")
    assert "打开 0，未能 0，本机中断 9" in strip.get_text()


def test_the_sites_table_says_state_share_links_and_veto(clerk: Visit) -> None:
    row = next(row for row in rows_of(clerk.get("/sites"), "table.sites") if row[0] == "示例门户")
    assert row[3:6] == [
        "能打开 2026-11-22 08:00",
        "98.8%",  # 164 of 166: the blocked visit and our own outage are no visits
        "共检查53条链接，52条无法打开",
    ]
    assert "站点无法访问" in row[6]


def test_one_failed_visit_of_an_hour_is_shown_and_told_with_the_good_ones() -> None:
    probes = [probe(18, 3), probe(18, 3, Outcome.UNREACHABLE)]
    (hour,) = [each for each in hours_of(probes, RULE) if each.access]
    assert (hour.hour, hour.mark, hour.words) == (3, "断", "打开1次，未能及时打开1次")


def test_a_site_without_a_visit_is_not_known() -> None:
    found = standing("s", [], RULE, at(22, 9), 7)
    assert (found.now, found.week) == (Access.UNKNOWN, Access.UNKNOWN)
    assert [str(each.share) for each in found.days] == ["—"] * 8


def test_what_failed_is_told_with_its_reason() -> None:
    notes = [
        ProbeNote(each, 403 if each.outcome is Outcome.BLOCKED else None, None) for each in week()
    ]
    assert [(each.at.hour, each.word, each.why) for each in missed(notes, RULE)] == [
        (6, "情况不明", "本机网络中断，不计入"),
        (5, "情况不明", "被防火墙或验证页面拦截（状态码403）"),
        (4, "未能及时打开", "用时16.0秒，达到15秒"),
        (3, "未能及时打开", "无法连接"),
    ]


# One site


def test_a_site_s_page_has_a_longer_strip_its_failures_and_its_certificate(clerk: Visit) -> None:
    page = clerk.get("/sites/s")
    assert len(rows_of(page, "table.strip")) == 31
    assert last_cells(page, "10-23") == ["—", "未访问"]
    assert rows_of(page, "table.probes")[-1] == [
        "2026-11-18 03:00",
        "未能及时打开",
        f"无法连接：连接超时{HOSTILE}",
    ]
    told = page.get_text()
    assert "有效期2026-01-01 至 2027-01-31" in told
    assert "判定日前 7 个整日打开率 98.8%" in told


def test_links_found_gone_are_paged_and_their_words_stay_words(clerk: Visit) -> None:
    first, last = clerk.get("/sites/s"), clerk.get("/sites/s?links=2")
    rows = rows_of(first, "table.links")
    assert (len(rows), len(rows_of(last, "table.links"))) == (50, 2)
    assert rows[0][:5] == [HOME, HOSTILE, f"{HOME}fj/00.pdf", "站内附件", "页面不存在"]
    assert rows[0][6:] == ["计入", "请重新上传该附件并更正链接"]
    assert not first.select("table.links a, img")
    assert [a["href"] for a in first.select("nav.pages a[rel=next]")] == ["?links=2"]


def test_one_dead_look_is_not_held_against_a_site(life: Life, clerk: Visit) -> None:
    late = PageLink(f"{HOME}zz.pdf", LinkKind.ATTACHMENT, "新附件")
    page = f"{HOME}b.html"
    note = Note(FAMILY, page, Outcome.OK, as_facts((late,)))
    life.ledger.observe(None, Noticed("site:s", at(21, 10), (note,)))
    look = LinkLook(late.url, at(21, 11), LinkState.DEAD, 404)
    life.ledger.record_links([LookedAt(("s",), look)])
    clerk.client.app.state.snapshots._renew()  # type: ignore[attr-defined]
    row = rows_of(clerk.get("/sites/s?links=2"), "table.links")[-1]
    assert row[:3] == [page, "新附件", late.url]
    assert row[6:] == ["不计入", "已有1天检查无法打开，待复查"]


def test_a_viewer_sees_the_site_of_their_own_unit_alone(life: Life) -> None:
    with visiting(life.home, life.ledger, "viewer") as visit:
        page = visit.get("/sites")
        assert [row[0] for row in rows_of(page, "table.sites")] == ["示例教育网"]
        assert "示例门户" not in page.get_text()
        assert [visit.status(f"/sites/{name}") for name in ("t", "s", "no")] == [200, 404, 404]


def test_odd_pages_are_the_nearest(clerk: Visit) -> None:
    for odd in ("0", "x", "-3", "99999", "%00"):
        assert clerk.status(f"/sites?page={odd}") == 200
        assert clerk.status(f"/sites/s?probes={odd}&links={odd}&visits={odd}&items={odd}") == 200
