"""What the operator must see to: a browser that is missing, subjects that nobody saw."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.doctor import Check, examine
from app.home import Home
from checks.facts import Method, Outcome
from checks.freshness import local_day
from storage.clock import now
from storage.inventory import validate
from storage.ledger import Sighting

pytestmark = pytest.mark.usefixtures("database")

REGISTER = {
    "unit": [{"id": "u", "name": "政府办"}],
    "site": [{"id": "s", "name": "门户", "home": "https://www.example.gov.cn/", "unit": "u"}],
    "column": [
        {
            "id": "news",
            "site": "s",
            "name": "政务动态",
            "url": "https://www.example.gov.cn/news/",
            "class": "news",
            "unit": "u",
        }
    ],
}


def browser_checks(folder: Path, chromium: Path, render: bool) -> list[Check]:
    folder.joinpath("settings.toml").write_text(f'[crawl]\nchromium = "{chromium}"\n')
    home = Home(folder)
    ledger = home.open_ledger()
    column = {**REGISTER["column"][0], "render": render}
    ledger.load_inventory(validate({**REGISTER, "column": [column]}, "x"), now())
    ledger.close()
    return [check for check in examine(home) if check.name == "浏览器"]


@pytest.mark.parametrize("there", [True, False])
def test_a_missing_browser_is_told_when_a_column_needs_one(tmp_path: Path, there: bool) -> None:
    chromium = tmp_path / "browser"
    if there:
        chromium.write_text("#!/bin/sh\necho '<html></html>'\n")
        chromium.chmod(0o755)
    (check,) = browser_checks(tmp_path, chromium, render=True)
    assert (check.ok, check.fatal) == (there, False)
    assert check.note.startswith("1 个栏目须用浏览器打开")
    assert ("不存在或不可执行" in check.note) is not there


def test_a_browser_that_is_there_and_does_not_start_is_told(tmp_path: Path) -> None:
    chromium = tmp_path / "browser"
    chromium.write_text("#!/bin/sh\necho 'libnss3.so: cannot open' >&2\nexit 127\n")
    chromium.chmod(0o755)
    (check,) = browser_checks(tmp_path, chromium, render=True)
    assert not check.ok
    assert check.note.endswith("未能启动，返回码 127：libnss3.so: cannot open")


def test_no_browser_is_asked_for_when_no_column_needs_one(tmp_path: Path) -> None:
    assert browser_checks(tmp_path, tmp_path / "browser", render=False) == []


@pytest.mark.parametrize(("closed", "unseen"), [(False, 1), (True, 0)])
def test_nobody_has_to_see_an_account_that_is_closed(
    tmp_path: Path, closed: bool, unseen: int
) -> None:
    present = now()
    account = {
        "id": "wx",
        "platform": "wechat",
        "name": "示例发布",
        "unit": "u",
        "source": "feed",
        "url": "https://feeds.example.gov.cn/wx.rss",
        "closed_on": local_day(present - timedelta(9)) if closed else None,
    }
    ledger = Home(tmp_path).open_ledger()
    register = validate({"unit": REGISTER["unit"], "account": [account]}, "x")
    ledger.load_inventory(register, present - timedelta(10))
    run = ledger.start_run(1, present)
    ledger.record(run, Sighting("account:wx", present, Outcome.GONE))
    ledger.close()
    (check,) = [check for check in examine(Home(tmp_path)) if check.name == "查看"]
    assert (check.ok, check.note.startswith(f"{unseen} 项超过 3 天未能查看")) == (not unseen, True)


def credentials_check(folder: Path, source: str = "wechat_api") -> list[Check]:
    accounts = [
        {"id": each, "platform": "wechat", "name": each, "unit": "u", "source": source}
        | {"url": "https://feeds.example.gov.cn/wx.rss"}
        for each in ("wx-1", "wx.2")
    ]
    ledger = Home(folder).open_ledger()
    register = validate({"unit": REGISTER["unit"], "account": accounts}, "x")
    ledger.load_inventory(register, now())
    ledger.close()
    return [check for check in examine(Home(folder)) if check.name == "公众号接口"]


def test_missing_credentials_of_accounts_are_told_by_the_names_of_their_variables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNJIAN_WECHAT_APPID_WX_1", "wx0123456789abcdef")
    monkeypatch.setenv("XUNJIAN_WECHAT_SECRET_WX_1", "synthetic")
    monkeypatch.setenv("XUNJIAN_WECHAT_APPID_WX_2", " ")
    (check,) = credentials_check(tmp_path)
    assert check == Check(
        "公众号接口",
        False,
        "2 个账号使用公众号接口；缺少环境变量："
        "XUNJIAN_WECHAT_APPID_WX_2、XUNJIAN_WECHAT_SECRET_WX_2",
    )
    monkeypatch.setenv("XUNJIAN_WECHAT_APPID_WX_2", "wx0123456789abcdef")
    monkeypatch.setenv("XUNJIAN_WECHAT_SECRET_WX_2", "synthetic")
    (check,) = credentials_check(tmp_path)
    assert check == Check("公众号接口", True, "2 个账号使用公众号接口，凭证均已提供")


def test_no_credentials_are_asked_for_when_no_account_needs_them(tmp_path: Path) -> None:
    assert credentials_check(tmp_path, source="feed") == []


def brought_check(folder: Path, *, ago: int | None) -> tuple[Check, Check]:
    """The lines on what was looked at and on what was brought, the last export `ago` days old."""
    present = now()
    mailbox = {"id": "rx", "site": "s", "name": "12345热线", "unit": "u", "source": "export"}
    account = {"id": "wx", "platform": "wechat", "name": "示例发布", "unit": "u", "source": "csv"}
    known = {"mailbox": [mailbox], "account": [{**account, "closed_on": "2026-01-01"}]}
    ledger = Home(folder).open_ledger()
    register = validate({**REGISTER, "column": [], **known}, "x")
    ledger.load_inventory(register, present - timedelta(30))
    home_page = Sighting("site:s", present, Outcome.OK)
    ledger.record(ledger.start_run(1, present), home_page)
    if ago is not None:
        day = local_day(present - timedelta(ago))
        ledger.bring(
            Sighting("mailbox:rx", present, Outcome.OK, method=Method.EXPORT, by="王", shown_to=day)
        )
    ledger.close()
    told = {check.name: check for check in examine(Home(folder))}
    return told["查看"], told["导出和登记"]


@pytest.mark.parametrize(
    ("ago", "ok", "words"),
    [
        (7, True, "0 项超过 7 天没有新的后台导出或人工登记"),
        (8, False, "1 项超过 7 天没有新的后台导出或人工登记：12345热线（截至{day}）"),
        (None, False, "1 项超过 7 天没有新的后台导出或人工登记：12345热线（尚无）"),
    ],
)
def test_an_export_older_than_a_week_is_told_once(
    tmp_path: Path, ago: int | None, ok: bool, words: str
) -> None:
    seen, brought = brought_check(tmp_path, ago=ago)
    day = local_day(now() - timedelta(ago or 0))
    assert (brought.ok, brought.note) == (ok, words.format(day=day))
    assert (seen.ok, seen.note) == (True, "0 项超过 3 天未能查看")


def test_nothing_is_told_of_exports_where_nobody_has_to_bring_any(tmp_path: Path) -> None:
    ledger = Home(tmp_path).open_ledger()
    ledger.load_inventory(validate(REGISTER, "x"), now())
    ledger.close()
    assert "导出和登记" not in {check.name for check in examine(Home(tmp_path))}


def scheme_check(folder: Path) -> Check:
    (check,) = (each for each in examine(Home(folder)) if each.name == "考核和整改")
    return check


def test_a_proposed_scheme_is_told_to_be_one_with_the_spans_of_rectification(
    tmp_path: Path,
) -> None:
    check = scheme_check(tmp_path)
    assert (check.ok, check.fatal) == (False, False)
    assert "（建议稿）（2026.1）是建议稿，请以本单位的考核办法替换" in check.note
    assert "整改期限10个工作日，最长14天" in check.note


@pytest.mark.parametrize(
    ("name", "words"),
    [("schemes/haian-default.toml", "missing id"), ("rectification.toml", "limit：缺少")],
)
def test_a_scheme_or_spans_that_cannot_be_read_are_told_before_anybody_is_scored(
    tmp_path: Path, name: str, words: str
) -> None:
    tmp_path.joinpath("schemes").mkdir()
    tmp_path.joinpath(name).write_text('version = "1"\n', encoding="utf-8")
    check = scheme_check(tmp_path)
    assert (check.ok, check.fatal) == (False, False)
    assert words in check.note
