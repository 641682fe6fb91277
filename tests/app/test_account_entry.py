"""`xunjian account record`: the weekly entry by hand, with a screenshot that can be checked."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app import account_entry
from app.account_entry import Said, record
from app.hands import HandError
from app.home import Home
from app.reread import weigh_again
from checks.accounts import FIGURES
from checks.facts import DateSource, Item, Method, Outcome
from storage.clock import now
from storage.ledger import Ledger, Sighting
from tests.app.accounts import ago, command, counts, make_home, word
from tests.app.run import called

PNG = b"\x89PNG\r\n\x1a\nsynthetic picture"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, database: str) -> Path:
    return make_home(tmp_path_factory.mktemp("accounts") / "home").folder


@pytest.fixture
def home(tmp_path: Path, made: Path) -> Home:
    return Home(shutil.copytree(made, tmp_path / "home"))


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    ledger = home.open_ledger()
    yield ledger
    ledger.close()


@pytest.fixture
def said(tmp_path: Path) -> Said:
    shot = tmp_path / "截图.png"
    shot.write_bytes(PNG)
    return Said("wx", ago(2), shot, "李四")


def refused(ledger: Ledger, said: Said, **changed: Any) -> list[str]:
    before = counts(ledger)
    with pytest.raises(HandError) as raised:
        record(ledger, replace(said, **changed))
    assert counts(ledger) == before
    return str(raised.value).splitlines()


def test_an_entry_is_a_visit_whose_evidence_is_the_screenshot(
    home: Home, ledger: Ledger, said: Said
) -> None:
    record(ledger, said)
    visit = word(ledger)
    assert visit is not None
    assert (visit.method, visit.by, visit.shown_to) == (Method.MANUAL, "李四", ago(0))
    assert (visit.outcome, visit.newest, visit.date_source) == (Outcome.OK, ago(2), None)
    assert visit.newest_title == "人工登记的最近一次发布"
    sha256 = hashlib.sha256(PNG).hexdigest()
    assert visit.note == f"截图原文件名：截图.png，SHA-256：{sha256}"
    (link,) = ledger.evidence_of(visit.id)
    assert (link.url, link.sha256) == (f"urn:xunjian:manual:wx:{ago(0)}", sha256)
    kept = ledger.evidence.capture(link)
    assert (kept.headers["content-type"], kept.body) == ("image/png", PNG)
    assert FIGURES not in str(ledger.observed(now(), ["account:wx"]))
    assert command(home, "evidence", "verify").exit_code == 0
    path = home.path("evidence", link.warc)
    body = path.read_bytes()
    path.write_bytes(body[:-20] + bytes([body[-20] ^ 1]) + body[-19:])
    assert command(home, "evidence", "verify").exit_code == 4


def test_the_screenshot_is_taken_out_again_as_it_was_given(
    home: Home, ledger: Ledger, said: Said, tmp_path: Path
) -> None:
    record(ledger, said)
    visit = word(ledger)
    assert visit is not None
    out = tmp_path / "取出.png"
    taken = ("evidence", "extract", str(visit.evidence), "--out", str(out))
    assert command(home, *taken).exit_code == 0
    assert out.read_bytes() == PNG


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xd8\xff\xe0synthetic", "image/jpeg"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0", "image/bmp"),
        (b"%PDF-1.7\nsynthetic", "application/pdf"),
    ],
)
@pytest.mark.sqlite("of the file that is given")
def test_a_picture_is_known_by_its_first_bytes(
    ledger: Ledger, said: Said, body: bytes, kind: str
) -> None:
    said.evidence.write_bytes(body)
    record(ledger, said)
    visit = word(ledger)
    assert visit is not None
    kept = ledger.evidence.capture(ledger.evidence_of(visit.id)[0])
    assert (kept.headers["content-type"], kept.body) == (kind, body)


@pytest.mark.parametrize("body", [b"GIF89a", b"<html>", b"BM is a word", b"RIFF\x10\0\0\0WAVE"])
@pytest.mark.sqlite("of the file that is given")
def test_another_file_is_no_screenshot(ledger: Ledger, said: Said, body: bytes) -> None:
    said.evidence.write_bytes(body)
    assert refused(ledger, said) == [
        f"截图（--evidence）：{said.evidence} 的内容不是截图，应为 png、jpg、webp、bmp 图片或 PDF"
    ]


@pytest.mark.sqlite("of the file that is given")
def test_a_screenshot_is_there_not_empty_and_not_too_large(
    ledger: Ledger, said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing, start = tmp_path / "无.png", "截图（--evidence）："
    assert refused(ledger, said, evidence=missing) == [f"{start}文件不存在：{missing}"]
    assert refused(ledger, said, evidence=tmp_path) == [
        f"{start}文件无法读取：{tmp_path}（Is a directory）"
    ]
    said.evidence.write_bytes(b"")
    assert refused(ledger, said) == [f"{start}文件是空的：{said.evidence}"]
    said.evidence.write_bytes(PNG + bytes(account_entry.MOST - len(PNG)))
    record(ledger, said)
    said.evidence.write_bytes(PNG + bytes(account_entry.MOST - len(PNG) + 1))
    assert refused(ledger, said) == [f"{start}{said.evidence} 超过 20 MB"]


@pytest.mark.sqlite("of the file that is given")
def test_all_that_is_wrong_is_told_at_once(ledger: Ledger, said: Said, tmp_path: Path) -> None:
    changed = {
        "account": "no",
        "by": " ",
        "seen_on": ago(-1),
        "last_post": ago(-2),
        "url": "mp.example.cn/1",
        "evidence": tmp_path / "无.png",
    }
    assert refused(ledger, said, **changed) == [
        "登记册中没有账号 no。已登记的账号：wx、wb、文旅",
        "登记人（--by）：不能为空",
        f"查看日期（--seen-on）：{ago(-1)} 尚未到来",
        f"最近发布日期（--last-post）：{ago(-2)} 晚于查看日期 {ago(-1)}",
        "网址（--url）：'mp.example.cn/1'，应为以 http:// 或 https:// 开头的网址",
        f"截图（--evidence）：文件不存在：{tmp_path / '无.png'}",
    ]


def test_a_post_later_than_the_look_is_a_fault_and_on_its_day_it_is_not(
    ledger: Ledger, said: Said
) -> None:
    assert refused(ledger, said, seen_on=ago(3)) == [
        f"最近发布日期（--last-post）：{ago(2)} 晚于查看日期 {ago(3)}"
    ]
    assert record(ledger, replace(said, seen_on=ago(2))).shown_to == ago(2)


def test_an_entry_may_not_go_back_behind_what_is_known(ledger: Ledger, said: Said) -> None:
    record(ledger, said)
    assert refused(ledger, said, seen_on=ago(1), last_post=ago(30)) == [
        f"反映到 {ago(1)}，早于台账已有的 {ago(0)}（{ago(0)} 人工登记，李四）；"
        "较早的情况不能覆盖较晚的",
        f"最新一条为 {ago(30)}，早于台账已见的 {ago(2)}（{ago(0)} 人工登记，李四）；"
        "请核对是否只导出了部分时段或日期有误；较新的内容确已删除的，加 --deleted",
    ]
    record(ledger, replace(said, last_post=ago(30), deleted=True))
    visit = word(ledger)
    assert visit is not None
    assert visit.newest == ago(30)
    assert str(visit.note).endswith("；登记人确认较新的内容已删除")


def test_a_look_that_lost_its_days_unsays_no_post_seen_before(ledger: Ledger, said: Said) -> None:
    record(ledger, replace(said, last_post=ago(20)))
    run = ledger.start_run(2, now())
    for outcome, day in ((Outcome.OK, ago(5)), (Outcome.UNDATED, None)):
        item = Item("甲", None, day, str(day), DateSource.FEED if day else None)
        ledger.record(run, Sighting("account:wx", now(), outcome, items=(item,), unresolved=1))
    ledger.finish_run(run, now())
    known = ledger.histories(["account:wx"], now())["account:wx"]
    assert (known.good and known.good.newest, known.dated and known.dated.newest) == (None, ago(5))
    (line,) = refused(ledger, said, last_post=ago(6))
    assert line.startswith(f"最新一条为 {ago(6)}，早于台账已见的 {ago(5)}（{ago(0)} 查看）")


def test_a_post_after_the_day_looked_at_contradicts_nothing(ledger: Ledger, said: Said) -> None:
    today = Sighting("account:wx", now(), Outcome.OK, items=(Item("今日发布", None, ago(0)),))
    ledger.record(ledger.start_run(1, now()), today)
    entered = record(ledger, replace(said, last_post=ago(3), seen_on=ago(1)))
    assert entered.shown_to == ago(1)
    with pytest.raises(HandError) as refused:
        record(ledger, replace(said, last_post=ago(3), seen_on=ago(0)))
    assert f"早于台账已见的 {ago(0)}" in str(refused.value)


def test_an_account_without_any_post_is_empty(ledger: Ledger, said: Said) -> None:
    assert refused(ledger, said, last_post=None, title="甲") == [
        "没有任何内容（--no-posts）的，不能再写 --title 或 --url"
    ]
    record(ledger, replace(said, last_post=None))
    visit = word(ledger)
    assert visit is not None
    assert (visit.outcome, visit.newest, visit.item_count) == (Outcome.EMPTY, None, 0)


def test_an_explanation_tells_an_entry_as_a_person_s_word(ledger: Ledger, said: Said) -> None:
    record(ledger, said)
    visit = word(ledger)
    assert visit is not None
    again = weigh_again(ledger, None, visit)
    assert again is not None
    (told,) = again.candidates
    assert (told.on, told.text, told.source, told.rule) == (
        ago(2),
        str(ago(2)),
        None,
        "人工登记的日期",
    )
    assert again.origin == "以下为人工登记，截图未经程序读取"
    assert again.why == f"李四于 {ago(0)} 登记，附截图"


def test_a_post_that_was_seen_before_is_not_told_as_entered(ledger: Ledger, said: Said) -> None:
    record(ledger, said)
    visit = word(ledger)
    assert visit is not None
    seen = replace(visit, newest=date(2026, 11, 20), date_source=DateSource.FEED, newest_title="甲")
    again = weigh_again(ledger, None, seen)
    assert again is not None
    assert again.origin == "该条为此前所见，不在人工登记之内；以下为台账所记，未能重读"


def test_the_command_records_and_refuses(home: Home, ledger: Ledger, said: Said) -> None:
    given = ("account", "record", "wx", "--evidence", str(said.evidence), "--by", "李四")
    more = ("--title", "甲 13800138000", "--url", "https://mp.example.cn/1")
    counted = ("--followers", "1200", "--comments", "3", "--replies", "0")
    done = called(*given, "--last-post", str(ago(2)), *more, *counted, home=home.folder)
    assert (done.code, done.out) == (0, "")
    assert done.err.strip() == (
        f"已登记 账号 wx：最近一次发布 {ago(2)}，查看日期 {ago(0)}，登记人 李四。"
    )
    visit = word(ledger)
    assert visit is not None
    assert (visit.newest_title, visit.newest_url) == ("甲 13*******00", "https://mp.example.cn/1")
    (look,) = ledger.observed(now(), ["account:wx"], families=[FIGURES])["account:wx"]
    assert look.facts == {
        "followers": 1200,
        "posts": None,
        "comments": 3,
        "replies": 0,
        "since": None,
        "until": str(ago(0)),
    }
    failed = called(*given, "--last-post", str(ago(-1)), home=home.folder)
    assert (failed.code, failed.out) == (2, "")
    assert failed.err.strip() == f"最近发布日期（--last-post）：{ago(-1)} 晚于查看日期 {ago(0)}"
    for words in ((), ("--last-post", str(ago(2)), "--no-posts")):
        both = command(home, *given, *words)
        assert both.exit_code == 2
        assert "--last-post、--no-posts" in both.stderr


def test_an_account_with_known_posts_is_not_called_empty_by_one_word(
    ledger: Ledger, said: Said
) -> None:
    record(ledger, said)
    (line,) = refused(ledger, said, last_post=None)
    assert line.startswith(f"最新一条为 无，早于台账已见的 {ago(2)}")
    record(ledger, replace(said, last_post=None, deleted=True))
