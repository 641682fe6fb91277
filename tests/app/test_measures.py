"""`xunjian account measures` and `account yearly`: what was seen, and what is left to be filled.

Accounts, posts and numbers are synthetic.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.home import Home
from app.measuring import measure_accounts, year_of_accounts
from app.settings import SettingsError
from app.weekly import make_weekly
from checks.accounts import FIGURES
from checks.facts import Item, Method, Outcome
from checks.freshness import SHANGHAI, local_day
from notify.weekly.lines import AtLeast
from notify.weekly.model import PostTally
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger, Note, Noticed, Sighting
from tests.app.test_bad_input import UNIT

INVENTORY = (
    UNIT
    + '[[unit]]\nid = "jyj"\nname = "教育局"\n'
    + "".join(
        f'[[account]]\nid = "{row}"\nplatform = "{platform}"\nname = "{name}"\nunit = "{unit}"\n'
        f'source = "manual"\n{rest}'
        for row, platform, name, unit, rest in (
            ("wx", "wechat", "示例发布", "zfb", ""),
            ("wb", "weibo", "示例微博", "zfb", ""),
            ("dy", "douyin", "示例教育", "jyj", "closed_on = 2025-06-30\n"),
            ("ks", "kuaishou", "示例快手", "jyj", ""),
        )
    )
)
AS_OF = date(2026, 3, 31)
QUARTER = ("--period", "2026Q1", "--as-of", "2026-03-31")
KEYS = (
    "id name platform unit last_post posts per_week longest_gap gap_from gap_to covered_from "
    "covered_to complete comments replies reply_rate"
).split()


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI)


def row(day: date) -> Item:
    return Item(f"{day}要闻", f"https://p.example.cn/{day}", day, str(day))


def see(ledger: Ledger, of: str, on: date, *days: date, **other: Any) -> None:
    rows = tuple(map(row, days))
    ledger.bring(Sighting(f"account:{of}", at(on), Outcome.OK, items=rows, **other))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, database: str) -> Home:
    """wx is known for the whole quarter, wb from 10 March on, ks not at all; dy was closed."""
    place = Home(tmp_path_factory.mktemp("measures"))
    ledger = place.open_ledger()
    ledger.load_inventory(read_toml(INVENTORY, "synthetic"), at(date(2025, 12, 1)))
    january, march = date(2026, 1, 15), date(2026, 3, 20)
    see(ledger, "wx", date(2025, 12, 31), date(2025, 12, 29))
    see(ledger, "wx", AS_OF, date(2026, 3, 25), march, january, date(2025, 12, 29))
    see(ledger, "wb", AS_OF, march, date(2026, 3, 10))
    span = {"since": "2026-01-01", "until": "2026-03-31"}
    told = {"followers": 5200, "posts": 812, "comments": 40, "replies": 30, **span}
    note = Note(FIGURES, "", Outcome.OK, told)
    ledger.observe(None, Noticed("account:wx", at(AS_OF), (note,)))
    ledger.close()
    return place


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    ledger = home.open_ledger()
    yield ledger
    ledger.close()


def command(home: Home, *words: str) -> Result:
    result = CliRunner().invoke(app, ["--home", str(home.folder), "account", *words])
    assert result.exit_code == 0, result.output
    return result


def answered(home: Home, *words: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(command(home, *words, "--format", "json").stdout)
    return answer


def test_the_measures_of_a_quarter_as_json(home: Home) -> None:
    answer = answered(home, "measures", *QUARTER)
    assert answer["as_of"] == "2026-03-31"
    assert answer["period"] == {"first": "2026-01-01", "last": "2026-03-31"}
    assert [list(each) for each in answer["accounts"]] == [KEYS] * 4
    quarter, part = ["2026-01-01", "2026-03-31"], ["2026-03-10", "2026-03-31"]
    gap, open_end = [64, "2026-01-15", "2026-03-20"], [11, "2026-03-20", "2026-03-31"]
    # 7 × 3 ÷ 90 = 0.23; 7 × 2 ÷ 22 = 0.64.
    wx, wb = ["2026-03-25", 3, 0.2, *gap, *quarter], ["2026-03-20", 2, 0.6, *open_end, *part]
    assert [list(each.values()) for each in answer["accounts"]] == [
        ["wx", "示例发布", "wechat", "zfb", *wx, True, 40, 30, 0.75],
        ["wb", "示例微博", "weibo", "zfb", *wb, False, None, None, None],
        ["dy", "示例教育", "douyin", "jyj", *[None] * 8, False, None, None, None],
        ["ks", "示例快手", "kuaishou", "jyj", *[None] * 8, False, None, None, None],
    ]


def test_a_unit_is_told_of_its_own_accounts(home: Home) -> None:
    answer = answered(home, "measures", *QUARTER, "--unit", "zfb")
    assert [each["id"] for each in answer["accounts"]] == ["wx", "wb"]


def test_the_table_says_where_numbers_are_partial(home: Home) -> None:
    words = "".join(command(home, "measures", *QUARTER).stdout.split())
    assert "30/40（75.0%）" in words
    assert "仅掌握2026-03-10至2026-03-31共22天的发布情况" in words.replace("|", "")
    assert "该期间未能掌握发布情况，不等于没有发布" in words.replace("|", "")
    assert "该期间内账号尚未开设或已关停" in words.replace("|", "")


def test_csv_has_the_same_columns_and_the_remark(home: Home) -> None:
    rows = list(
        csv.DictReader(io.StringIO(command(home, "measures", *QUARTER, "--format", "csv").stdout))
    )
    assert list(rows[0]) == [*KEYS, "note"]
    assert [each["posts"] for each in rows] == ["3", "2", "", ""]


def test_a_past_day_is_told_as_it_was_known_then(ledger: Ledger) -> None:
    before = measure_accounts(ledger, "2026Q1", date(2026, 3, 30))
    assert [found.posts for _, found in before.rows] == [None, None, None, None]
    assert before.rows[0][1].last_post == date(2025, 12, 29)


def test_without_a_period_the_thirty_days_up_to_the_day_are_measured(ledger: Ledger) -> None:
    measured = measure_accounts(ledger, None, AS_OF)
    assert (measured.period.first, measured.period.last) == (date(2026, 3, 2), AS_OF)


@pytest.mark.parametrize(
    ("period", "as_of", "told"),
    [
        ("2026Q2", AS_OF, "--period 2026Q2：这一期间尚未开始"),
        ("2026-3", AS_OF, "--period 2026-3：应为年、季、月或 ISO 周，如 2026、2026Q4"),
        (None, local_day(now()) + timedelta(days=1), "这一天尚未到来"),
    ],
)
def test_days_that_lie_ahead_and_unknown_forms_are_refused(
    ledger: Ledger, period: str | None, as_of: date, told: str
) -> None:
    with pytest.raises(SettingsError, match=told):
        measure_accounts(ledger, period, as_of)


def test_the_yearly_figures_as_json(home: Home) -> None:
    answer = answered(home, "yearly", "--year", "2026", "--as-of", "2026-03-31")
    assert (answer["has"], answer["year"], list(answer)[3:]) == (
        True,
        2026,
        ["weibo", "wechat", "other"],
    )
    (weibo,), (wechat,), (other,) = answer["weibo"], answer["wechat"], answer["other"]
    assert (wechat["name"], wechat["posts"], wechat["complete"]) == ("示例发布", 3, True)
    assert (wechat["followers"], wechat["followers_on"]) == (5200, "2026-03-31")
    assert (wechat["source_posts"], wechat["source_posts_until"]) == (812, "2026-03-31")
    assert wechat["ways"] == ["crawl"]
    assert (weibo["posts"], weibo["complete"], weibo["followers"]) == (2, False, None)
    assert (other["name"], other["posts"], other["ways"]) == ("示例快手", None, [])


def test_what_is_not_known_is_marked_to_be_filled(home: Home) -> None:
    words = command(home, "yearly", "--year", "2026", "--as-of", "2026-03-31").stdout
    rows = [[cell.strip() for cell in line.split("|")] for line in words.splitlines()]
    assert {tuple(row[1:3]): row[4:6] for row in rows if len(row) > 5 and row[2]} == {
        ("项目", "账号名称"): ["信息发布量", "关注量/订阅数"],
        ("有无", "有"): ["", ""],
        ("微博", "示例微博"): ["2", "待填"],
        ("微信", "示例发布"): ["3", "5200"],
        ("其他", "示例快手（快手）"): ["待填", "—"],
    }


def test_a_year_ahead_is_refused(ledger: Ledger) -> None:
    with pytest.raises(SettingsError, match="--year 2027：这一年尚未开始"):
        year_of_accounts(ledger, 2027, AS_OF)
    with pytest.raises(SettingsError, match="应为四位年份"):
        year_of_accounts(ledger, 0, AS_OF)


def test_a_year_without_accounts_is_left_open(ledger: Ledger) -> None:
    year = year_of_accounts(ledger, 2026, AS_OF, unit="nobody")
    assert year.lines == ()


def test_an_export_completes_the_year(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ledger = home.open_ledger()
    ledger.load_inventory(read_toml(INVENTORY, "synthetic"), at(date(2026, 3, 1)))
    see(ledger, "wx", AS_OF, date(2026, 3, 25), date(2026, 3, 20))
    early = (date(2026, 1, 1), date(2026, 2, 10), date(2026, 3, 20))
    see(ledger, "wx", AS_OF, *early, method=Method.EXPORT, by="办公室", shown_to=date(2026, 3, 24))
    line = next(
        each for each in year_of_accounts(ledger, 2026, AS_OF).lines if each.account.id == "wx"
    )
    ledger.close()
    assert (line.measure.posts, line.measure.complete) == (4, True)
    assert line.measure.ways == (Method.CRAWL, Method.EXPORT)


def test_the_weekly_report_tells_posts_and_gaps(tmp_path: Path) -> None:
    home = Home(tmp_path)
    ledger = home.open_ledger()
    ledger.load_inventory(read_toml(INVENTORY, "synthetic"), at(date(2026, 2, 1)))
    sunday = date(2026, 3, 22)
    february = date(2026, 2, 20), date(2026, 2, 15)
    see(ledger, "wx", february[0], *february)
    see(ledger, "wx", sunday, date(2026, 3, 16), date(2026, 3, 15), *february)
    see(ledger, "wb", sunday, date(2026, 3, 21), date(2026, 3, 20))
    see(ledger, "wb", date(2026, 3, 23), date(2026, 3, 22), date(2026, 3, 21), date(2026, 3, 20))
    report = make_weekly(home, home.settings(), ledger, "2026W12", tmp_path)
    ledger.close()
    lines = {line.account: (line.posts, line.gap) for line in report.figures.account_lines}
    assert lines == {
        "示例发布": (AtLeast(1, whole=True), AtLeast(23, whole=True)),
        "示例微博": (AtLeast(2, whole=False), AtLeast(1, whole=False)),
        "示例教育": (None, None),
        "示例快手": (None, None),
    }
    assert report.figures.postings == PostTally(posts=3, accounts=2, part=1)
