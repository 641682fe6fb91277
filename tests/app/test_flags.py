"""Flags from the page to the mail: what the office is asked, and what nobody ever reads.

All pages, names and numbers are synthetic; the numbers belong to nobody.
"""

from __future__ import annotations

import email
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from app.home import Home
from app.settings import Settings, SettingsError
from checks.freshness import local_day
from crawler.settings import TextSection
from storage.clock import now
from tests.app.run import Ran, called
from tests.app.test_bad_input import SETTINGS, UNIT, site
from tests.crawler.server import Answer, page, serving

IDENTITY = "11010519491231002X"  # the example number of GB 11643 itself, belonging to nobody
NUMBERS = (IDENTITY, "13800138000", "138-0013-8000", "１３８００１３８０００")
TEXT = '[text]\nterms = "terms.csv"\n[rules]\npacks = ["haian", "cn-2019"]\n'
TERMS = "kind,term,advice\nwording,示例错词,请改为“示例正词”。\n"
LONG = "现将示例工作的有关事项通知如下，请认真贯彻落实。" * 12


def day(back: int) -> date:
    return local_day(now()) - timedelta(days=back)


def listing(rows: list[tuple[str, str, int]]) -> Answer:
    shown = "".join(
        f"<li><a href='/a/{name}.html'>{title}</a><span>{day(back)}</span></li>"
        for name, title, back in rows
    )
    return page(f"<html><!-- synthetic --><body><ul>{shown}</ul></body></html>")


def article(title: str, text: str, back: int) -> Answer:
    return page(
        f"<html><!-- synthetic --><head><title>{title}</title></head><body><h1>{title}</h1>"
        f"<p>发布日期：{day(back)}</p><p>{text}</p><p>{LONG}</p></body></html>"
    )


ROWS = [(str(n), f"关于做好第{n}号示例工作的通知", n) for n in range(1, 21)]
OLD = [(f"old{n}", f"关于补充第{n}号示例材料的通知", n) for n in range(10, 15)]
NAMED = f"示例公示（{IDENTITY}）"


@dataclass(frozen=True)
class Runs:
    """Two runs of one day: the pages as they were, and as they were a little later."""

    home: Path
    first: Ran
    second: Ran
    findings: Ran

    def rules(self) -> dict[str, dict[str, object]]:
        found = self.findings.json["findings"]
        return {row["rule"]: row for row in found if row["pack"] == "cn-2019"}

    def said(self) -> str:
        """Everything that anybody could read: mails, rows, reports, output, errors."""
        parts = [self.first.out, self.first.err, self.second.out, self.second.err, *self.mails()]
        asked = [called(word, "--format", "json", home=self.home) for word in ("status", "items")]
        for ran in (self.findings, *asked, called("explain", "dt", home=self.home)):
            parts += [ran.out, ran.err]
        engine = create_engine(f"sqlite:///{self.home / 'xunjian.db'}")
        with engine.connect() as connection:
            for table in SQLModel.metadata.sorted_tables:
                parts += [repr(tuple(row)) for row in connection.execute(table.select())]
        engine.dispose()
        return "\n".join(parts)

    def mails(self, recipient: str = "") -> list[str]:
        texts = []
        for path in sorted(self.home.joinpath("outbox").glob("*.eml")):
            mail = email.message_from_bytes(path.read_bytes(), policy=default)
            if recipient in str(mail["To"]):
                parts = [part.get_content() for part in mail.walk() if not part.is_multipart()]
                texts.append("\n".join([str(mail["Subject"]), *map(str, parts)]))
        return texts


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    home = tmp_path_factory.mktemp("flags")
    home.joinpath("settings.toml").write_text(SETTINGS + TEXT, encoding="utf-8")
    home.joinpath("terms.csv").write_text(TERMS, encoding="utf-8")
    answers = {
        "/dt.html": listing(ROWS),
        "/a/1.html": article(
            ROWS[0][1], f"示例错词，证件{IDENTITY}，{'，'.join(NUMBERS[1:])}。", 1
        ),
    }
    with serving(answers) as server:
        home.joinpath("inventory.toml").write_text(UNIT + site(server.url), encoding="utf-8")
        first = called("cycle", home=home)
        rows = sorted([*ROWS, *OLD, ("named", NAMED, 0)], key=lambda row: row[2])
        answers["/dt.html"] = listing(rows)
        second = called("cycle", home=home)
        yield Runs(home, first, second, called("findings", "--format", "json", home=home))


def test_both_runs_end_well(runs: Runs) -> None:
    assert (runs.first.code, runs.second.code) == (0, 0), runs.second.err


def test_what_was_planted_is_found_and_nothing_else(runs: Runs) -> None:
    flags = {"back_dated", "burst", "repost", "wording", "leader", "identity", "mobile"}
    assert set(runs.rules()) & flags == {"back_dated", "wording", "identity", "mobile"}


def test_rows_that_appeared_under_old_days_are_counted_and_named(runs: Runs) -> None:
    note = str(runs.rules()["back_dated"]["events"][0]["note"])  # type: ignore[index]
    assert note.startswith(
        "发现5处标注日期早于实际出现时间，请人工核实。如“关于补充第10号示例材料的通知”"
    )


def test_no_number_can_be_read_anywhere_but_on_the_page(runs: Runs) -> None:
    said = runs.said()
    assert "11**************2X" in said
    assert "13*******00" in said
    for number in NUMBERS:
        assert number not in said


def test_the_office_is_asked_and_the_unit_is_not(runs: Runs) -> None:
    office = "\n".join(runs.mails("office@example.cn"))
    for headline in (
        "信息标注日期早于实际出现时间，请人工核实",
        "信息中疑似公开了身份证号，请人工核实",
    ):
        assert headline in office
    for mail in runs.mails("zfb@example.cn"):  # which hears of all other findings
        assert "请人工核实" not in mail


# The term list


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"kind,term,advice\nleader,a,\n", "第2行：term 应为 2 至 50 个字，所给为 'a'"),
        ("kind,term,advice\nleader,示例,\n".encode("gbk"), "第2行：应为 UTF-8 编码"),
        (None, "无法读取"),
    ],
)
def test_a_term_list_that_cannot_be_used_is_named(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    home = Home(tmp_path)
    if content is not None:
        home.path("terms.csv").write_bytes(content)
    with pytest.raises(SettingsError) as told:
        home.terms(Settings(text=TextSection(terms="terms.csv")))
    assert f"词表 {home.path('terms.csv')}" in str(told.value)
    assert said in str(told.value)


@pytest.mark.parametrize("path", ["../terms.csv", "/etc/passwd"])
def test_a_term_list_outside_the_home_directory_is_refused(tmp_path: Path, path: str) -> None:
    tmp_path.joinpath("terms.csv").write_text(TERMS, encoding="utf-8")
    with pytest.raises(SettingsError, match="不在数据目录"):
        Home(tmp_path / "home").terms(Settings(text=TextSection(terms=path)))


def test_a_faulty_term_list_stops_the_run_and_doctor_says_so(tmp_path: Path) -> None:
    tmp_path.joinpath("settings.toml").write_text(SETTINGS + TEXT, encoding="utf-8")
    tmp_path.joinpath("inventory.toml").write_text(UNIT + site("http://127.0.0.1:9"), "utf-8")
    tmp_path.joinpath("terms.csv").write_text(TERMS + "other,示例,\n", encoding="utf-8")
    for command in ("crawl", "doctor"):
        ran = called(command, home=tmp_path)
        assert ran.code == 2
        assert "第3行：kind 应为 wording、leader 之一" in (ran.err + ran.out).replace("\n", "")
