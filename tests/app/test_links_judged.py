"""A dead link from its looks to a finding, judged for the days on which they were taken."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from app.day import judge_day
from app.home import Home
from checks.calendar import load_calendar
from checks.facts import Outcome
from checks.freshness import SHANGHAI, local_day
from checks.links import FAMILY, LOOKED, LinkKind, LinkLook, LinkState, PageLink, as_facts
from checks.owed import DutyRow
from checks.rules import pack_texts
from checks.verdicts import DutyState
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger, LookedAt, Note, Noticed, law_body

TODAY = local_day(now())
SETTINGS = '[rules]\npacks = ["cn-2019"]\n'
REGISTER = """\
[[unit]]
id = "zfb"
name = "市政府办公室"
kind = "department"

[[site]]
id = "s1"
name = "示例市门户"
home = "https://www.shili.gov.cn/"
unit = "zfb"
"""
HOME = "https://www.shili.gov.cn/"
BAD = PageLink(f"{HOME}fj/1.pdf", LinkKind.ATTACHMENT, "示例附件")
GOOD = PageLink(f"{HOME}1.html", LinkKind.PAGE, "示例要闻")


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def look(ledger: Ledger, day: date, state: LinkState, link: PageLink = BAD) -> None:
    note = "页面不存在（404）" if state is LinkState.DEAD else ""
    looked = LinkLook(link.url, at(day), state, 404, note)
    ledger.record_links([LookedAt(("s1",), looked)])


def links_of(home: Home, ledger: Ledger, day: date) -> tuple[DutyRow, bool]:
    bench = judge_day(home, home.settings(), ledger, day).bench
    (row,) = [each for each in bench.duties if each.duty.about == LOOKED]
    return row, any(key.rule == "dead_links" for key in bench.faults)


@pytest.fixture
def home(tmp_path: Path, database: str) -> Home:
    tmp_path.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    return Home(tmp_path)


def test_one_dead_look_is_no_fault_and_the_second_on_another_day_is(home: Home) -> None:
    first = TODAY - timedelta(days=5)
    second, mended = first + timedelta(days=1), first + timedelta(days=2)
    ledger = home.open_ledger()
    ledger.load_inventory(read_toml(REGISTER, "register"), at(first - timedelta(days=1)))
    law = law_body(pack_texts(["cn-2019"]), load_calendar())
    ledger.keep_law(law, at(first - timedelta(days=1)))
    note = Note(FAMILY, HOME, Outcome.OK, as_facts((GOOD, BAD)))
    ledger.observe(None, Noticed("site:s1", at(first), (note,)))
    look(ledger, first, LinkState.OK, GOOD)
    look(ledger, first, LinkState.DEAD)
    look(ledger, second, LinkState.DEAD)
    look(ledger, mended, LinkState.OK)

    row, is_fault = links_of(home, ledger, first)
    assert (row.state, is_fault) == (DutyState.UNKNOWN, False)
    assert row.answer.reason == "共检查2条链接，未发现无法打开的，1条待复查"

    row, is_fault = links_of(home, ledger, second)
    assert (row.state, is_fault) == (DutyState.UNMET, True)
    assert row.answer.reason == "共检查2条链接，1条无法打开"
    assert row.answer.faults == (
        "https://www.shili.gov.cn/：示例附件 → https://www.shili.gov.cn/fj/1.pdf"
        "（站内附件；页面不存在（404）；请重新上传该附件并更正链接）",
    )

    row, is_fault = links_of(home, ledger, mended)
    assert (row.state, is_fault) == (DutyState.MET, False)
    ledger.close()


def test_a_site_whose_links_were_never_looked_at_is_not_judged(home: Home) -> None:
    ledger = home.open_ledger()
    ledger.load_inventory(read_toml(REGISTER, "register"), now() - timedelta(days=1))
    row, is_fault = links_of(home, ledger, TODAY)
    assert (row.state, is_fault) == (DutyState.UNKNOWN, False)
    ledger.close()
