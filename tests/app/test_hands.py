"""`xunjian hand`: what a person found is checked, kept, shown as it stood, and taken back."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.hands import HandError, Said, hands_sheet, record, withdraw
from app.home import Home
from checks.facts import Hand
from checks.freshness import local_day
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger
from tests.app.run import called, xunjian
from tests.app.test_bad_input import SETTINGS, UNIT, site

PACKS = '[rules]\npacks = ["haian", "cn-2019"]\n'
MARKUP, BIDI = "[red]=1+1<b>", "核查\u202e员"
INVENTORY = (
    UNIT
    + site("https://www.example.gov.cn")
    + '[[account]]\nid = "wx"\nplatform = "wechat"\nname = "[b]示例\u202e发布"\nunit = "zfb"\n'
    'source = "manual"\n'
)
SAID = Said(
    subject="account:wx",
    row="M3",
    fault=True,
    points=None,
    evidence="公众号无留言和回复功能",
    by="核查员",
    until=None,
    pack="cn-2019",
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory, database: str) -> Path:
    """A home whose register is loaded, made once and copied."""
    folder = tmp_path_factory.mktemp("hands") / "home"
    folder.mkdir()
    folder.joinpath("settings.toml").write_text(SETTINGS + PACKS, encoding="utf-8")
    ledger = Home(folder).open_ledger()
    ledger.load_inventory(read_toml(INVENTORY, "synthetic"), now())
    ledger.close()
    return folder


@pytest.fixture
def home(tmp_path: Path, loaded: Path) -> Home:
    return Home(shutil.copytree(loaded, tmp_path / "home"))


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    ledger = home.open_ledger()
    yield ledger
    ledger.close()


def write(home: Home, ledger: Ledger, **changed: Any) -> Hand:
    return record(home, home.settings(), ledger, replace(SAID, **changed))


def held(ledger: Ledger, at: datetime | None = None) -> list[Hand]:
    return [hand for hands in ledger.hands(at or now()).values() for hand in hands]


def command(home: Home, *words: str) -> Result:
    """Run a command in this process; what goes wrong in words is tested from outside."""
    return CliRunner().invoke(app, ["--home", str(home.folder), *words])


def refused(home: Home, ledger: Ledger, **changed: Any) -> list[str]:
    with pytest.raises(HandError) as raised:
        write(home, ledger, **changed)
    assert held(ledger) == []
    return str(raised.value).splitlines()


# What is refused, and in which words


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (
            {"subject": "account:nobody"},
            "登记册中没有 account:nobody。对象写作“种类:编号”，如 site:portal、account:wx",
        ),
        (
            {"subject": "wx"},
            "登记册中没有 wx。对象写作“种类:编号”，如 site:portal、account:wx",
        ),
        (
            {"row": "M9"},
            "指标集 cn-2019 中没有可由人工认定的 M9。"
            "可认定的为：须人工核查的指标和义务、扣分项、加分项",
        ),
        (
            {"row": "M2a"},
            "指标集 cn-2019 中没有可由人工认定的 M2a。"
            "可认定的为：须人工核查的指标和义务、扣分项、加分项",
        ),
        ({"row": "W1"}, "W1 针对网站，而 account:wx 是新媒体账号"),
        ({"subject": "column:dt"}, "M3 针对新媒体账号，而 column:dt 是栏目"),
        ({"fault": None, "points": "1"}, "M3 不计分：请用 --fault 或 --none"),
        ({"by": " "}, "核查人（--by）：不能为空"),
        ({"evidence": " \n"}, "证据（--evidence）：不能为空，请写明所见，或给出截图等文件"),
        ({"evidence": "截图.png"}, "证据（--evidence）：文件不存在：截图.png"),
        ({"evidence": "./nothing"}, "证据（--evidence）：文件不存在：./nothing"),
        (
            {"pack": "nowhere"},
            "指标集 nowhere 未启用：请写入设置 [rules] packs。现已启用：haian、cn-2019、operator",
        ),
    ],
)
@pytest.mark.sqlite("refused before anything is written")
def test_what_cannot_be_recorded_is_named(
    home: Home, ledger: Ledger, changed: dict[str, Any], words: str
) -> None:
    assert refused(home, ledger, **changed) == [words]


@pytest.mark.parametrize(
    ("row", "points", "words"),
    [
        ("b_release", "-1", "分值（--points）：'-1'，应为不小于 0 的数，至多两位小数"),
        ("b_release", "nan", "分值（--points）：'nan'，应为不小于 0 的数，至多两位小数"),
        ("b_release", "1E1", "分值（--points）：'1E1'，应为不小于 0 的数，至多两位小数"),
        ("b_release", "1.005", "分值（--points）：'1.005'，应为不小于 0 的数，至多两位小数"),
        ("b_release", "三分", "分值（--points）：'三分'，应为不小于 0 的数，至多两位小数"),
        ("b_release", "30.01", "分值（--points）：30.01 超过上限 30"),
        ("d_policydoc", "5.01", "分值（--points）：5.01 超过上限 5"),
        ("d_domain", "100.01", "分值（--points）：100.01 超过上限 100"),
        ("W1", "1", "W1 不计分：请用 --fault 或 --none"),
    ],
)
@pytest.mark.sqlite("refused before anything is written")
def test_points_are_refused_where_none_are_taken_and_above_the_most(
    home: Home, ledger: Ledger, row: str, points: str, words: str
) -> None:
    changed = {"subject": "site:s", "row": row, "fault": None, "points": points}
    assert refused(home, ledger, **changed) == [words]


@pytest.mark.sqlite("refused before anything is written")
def test_a_bonus_is_given_in_points_alone(home: Home, ledger: Ledger) -> None:
    assert refused(home, ledger, subject="site:s", row="b_release") == [
        "b_release 是加分项：请用 --points 给出分值"
    ]


@pytest.mark.sqlite("refused before anything is written")
def test_a_record_cannot_have_run_out_before_it_is_made(home: Home, ledger: Ledger) -> None:
    yesterday = local_day(now()) - timedelta(1)
    assert refused(home, ledger, until=yesterday) == [f"有效期（--until）：{yesterday} 已过"]


@pytest.mark.sqlite("refused before anything is written")
def test_all_that_is_wrong_is_told_at_once(home: Home, ledger: Ledger) -> None:
    assert len(refused(home, ledger, subject="wx", row="M9", by="", evidence="")) == 4


# What is recorded


def test_m3_is_kept_under_its_duty_and_holds_a_quarter(home: Home, ledger: Ledger) -> None:
    hand = write(home, ledger, by=" 核查员 ", evidence=" 无留言功能 ")
    assert held(ledger) == [hand]
    assert (hand.row, hand.pack, hand.fault, hand.points) == (
        "nm_interactive",
        "cn-2019",
        True,
        None,
    )
    assert (hand.by, hand.evidence) == ("核查员", "无留言功能")
    assert hand.until == local_day(hand.at) + timedelta(92)


@pytest.mark.parametrize(
    ("row", "most"), [("b_release", "30"), ("d_policydoc", "5"), ("d_domain", "100")]
)
def test_points_up_to_the_most_hold_until_others_come(
    home: Home, ledger: Ledger, row: str, most: str
) -> None:
    hand = write(home, ledger, subject="site:s", row=row, fault=None, points=most)
    (kept,) = held(ledger)
    assert (str(kept.points), kept.fault, kept.until) == (most, None, None)
    assert kept == hand


def test_a_day_of_its_own_goes_before_the_row_s(home: Home, ledger: Ledger) -> None:
    today = local_day(now())
    assert write(home, ledger, until=today).until == today


def test_the_last_record_of_a_row_holds_and_earlier_ones_held_before(
    home: Home, ledger: Ledger
) -> None:
    first = write(home, ledger)
    second = write(home, ledger, fault=False, evidence="已开通留言")
    assert held(ledger) == [second]
    assert held(ledger, first.at) == [first]


@pytest.mark.parametrize("text", ["https://mp.weixin.qq.com/s/a.html", "见 www/首页", "无" * 5000])
def test_an_address_and_words_are_no_files(home: Home, ledger: Ledger, text: str) -> None:
    assert write(home, ledger, evidence=text).evidence == text


def test_hostile_words_are_kept_as_they_are_and_halves_of_characters_are_replaced(
    home: Home, ledger: Ledger
) -> None:
    write(home, ledger, by=BIDI, evidence=f"{MARKUP}\udcff")
    (kept,) = held(ledger)
    assert (kept.by, kept.evidence) == (BIDI, f"{MARKUP}?")


# Files


def test_a_file_is_copied_under_its_sha_256_and_can_be_checked(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    shot = tmp_path / "截图 [b].PNG"
    shot.write_bytes(b"synthetic picture")
    sha256 = hashlib.sha256(b"synthetic picture").hexdigest()
    hand = write(home, ledger, evidence=str(shot))
    assert hand.evidence == (
        f"evidence/hand/{sha256}.png（原文件名：截图 [b].PNG，SHA-256：{sha256}）"
    )
    kept = home.path("evidence", "hand", f"{sha256}.png")
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]
    assert kept.read_bytes() == shot.read_bytes()
    write(home, ledger, evidence=str(shot))
    ledger.close()
    assert command(home, "evidence", "verify").exit_code == 0
    kept.write_bytes(b"another picture")
    altered = command(home, "evidence", "verify")
    assert (altered.exit_code, f"{kept.name}：内容与登记的 SHA-256 不符" in altered.stderr) == (
        4,
        True,
    )
    kept.unlink()
    missing = command(home, "evidence", "verify")
    assert missing.exit_code == 4
    assert f"{kept.name}：文件不存在" in missing.stderr


def test_a_file_without_a_plain_suffix_is_kept_by_its_sum_alone(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    shot = tmp_path / "shot.p\u202eng"
    shot.write_bytes(b"synthetic")
    sha256 = hashlib.sha256(b"synthetic").hexdigest()
    hand = write(home, ledger, evidence=str(shot))
    assert hand.evidence.startswith(f"evidence/hand/{sha256}（")
    assert home.path("evidence", "hand", sha256).is_file()


@pytest.mark.sqlite("refused before anything is written")
def test_a_refused_record_leaves_no_file(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    shot = tmp_path / "shot.png"
    shot.write_bytes(b"synthetic")
    refused(home, ledger, by="", evidence=str(shot))
    assert not home.path("evidence", "hand").exists()


# What held on a day


def test_a_past_day_is_told_as_it_stood(home: Home, ledger: Ledger) -> None:
    today = local_day(now())
    long_ago = now() - timedelta(10)
    early = Hand(
        "account:wx", "cn-2019", "nm_interactive", True, None, "无留言", "甲", long_ago,
        today - timedelta(2),
    )  # fmt: skip
    ledger.record_hand(early)
    ledger.record_hand(replace(early, row="M1", fault=False, until=None))

    def rows(days_ago: int) -> list[tuple[object, object]]:
        as_of = today - timedelta(days_ago)
        sheet = hands_sheet(home, home.settings(), ledger, as_of, "account:wx")
        return [(row["row"], row["fault"]) for row in sheet.rows]

    assert rows(11) == []
    assert rows(10) == rows(2) == [("nm_interactive", True), ("M1", False)]
    assert rows(1) == rows(0) == rows(-30) == [("M1", False)]
    withdraw(home, home.settings(), ledger, ("account:wx", "M1", "cn-2019"), "乙", "误记")
    assert rows(0) == []
    assert rows(1) == [("M1", False)]


def test_what_is_taken_back_must_be_there_and_needs_a_name_and_a_reason(
    home: Home, ledger: Ledger
) -> None:
    with pytest.raises(HandError) as raised:
        withdraw(home, home.settings(), ledger, ("account:wx", "M3", "cn-2019"), " ", "")
    assert str(raised.value).splitlines() == [
        "核查人（--by）：不能为空",
        "撤回原因（--note）：不能为空",
        "account:wx 在 cn-2019/nm_interactive 下没有可撤回的人工核查记录",
    ]


# The commands


def test_a_tick_becomes_a_finding_and_its_list_is_data(home: Home, ledger: Ledger) -> None:
    ledger.close()
    given = ("--evidence", MARKUP, "--by", BIDI)
    done = xunjian("hand", "record", "account:wx", "M3", "--fault", *given, home=home.folder)
    until = local_day(now()) + timedelta(92)
    assert (done.code, done.out) == (0, "")
    assert done.err.strip() == (
        f"已记录：account:wx cn-2019/nm_interactive，有问题，有效期至 {until}。"
    )
    (row,) = json.loads(command(home, "hand", "list", "--format", "json").stdout)["hands"]
    assert {**row, "at": None} == {
        "subject": "account:wx",
        "name": "[b]示例\u202e发布",
        "pack": "cn-2019",
        "row": "nm_interactive",
        "headline": "政务新媒体账号未提供有效互动功能",
        "fault": True,
        "points": None,
        "evidence": MARKUP,
        "by": BIDI,
        "at": None,
        "until": str(until),
    }
    table = command(home, "hand", "list").stdout
    assert "[b]示例�发布" in table
    assert MARKUP in table
    assert "\u202e" not in table
    assert command(home, "check").exit_code == 0
    (finding,) = [
        each
        for each in json.loads(command(home, "findings", "--format", "json").stdout)["findings"]
        if each["subject"] == "account:wx"
    ]
    assert (finding["rule"], finding["evidence"]) == ("nm_interactive", MARKUP)
    taken = ("--by", "乙", "--note", "误记")
    assert command(home, "hand", "withdraw", "account:wx", "M3", *taken).exit_code == 0
    assert command(home, "hand", "list", "--format", "csv").stdout == ""


@pytest.mark.parametrize("ticks", [(), ("--fault", "--none"), ("--fault", "--points", "1")])
@pytest.mark.sqlite("refused before anything is written")
def test_one_thing_is_said_and_no_more(home: Home, ticks: tuple[str, ...]) -> None:
    given = ("--evidence", "所见", "--by", "甲")
    failed = command(home, "hand", "record", "account:wx", "M3", *ticks, *given)
    assert failed.exit_code == 2
    assert "--fault、--none、--points" in failed.stderr


@pytest.mark.sqlite("refused before anything is written")
def test_a_refusal_is_a_fault_of_usage(home: Home, ledger: Ledger) -> None:
    ledger.close()
    given = ("--points", "-1", "--evidence", "所见", "--by", "甲")
    failed = called("hand", "record", "site:s", "b_release", *given, home=home.folder)
    assert (failed.code, failed.out) == (2, "")
    assert failed.err.strip() == "分值（--points）：'-1'，应为不小于 0 的数，至多两位小数"
