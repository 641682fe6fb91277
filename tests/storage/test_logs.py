"""Log lines: one record is one line, whatever a page wrote into it, and no secret is in any."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.logs import LogSection, log_of_the_service
from storage.legible import escaped
from storage.logs import Form, Logging, begin, masked, take_over

HOSTILE = "标题\n伪造的一行\r\x1b[31m红\x1b[0m\u202e倒\u2028段\x85\x7f \U000e0001 全角\u3000空格"


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    begin(Logging())


def written(folder: Path, form: Form) -> str:
    """What a file holds after one record with all that may be wrong in it."""
    log_of_the_service(LogSection(format=form, file="logs/x.log"), folder)
    log = logging.getLogger("xunjian.serve")
    try:
        raise ValueError("第一行\n第二行")
    except ValueError:
        extra = {"task": "cycle", "run": 7, "subject": "column:新闻\n", "password": "synthetic"}
        log.exception("未能读取 %s", HOSTILE, extra=extra)
    return folder.joinpath("logs/x.log").read_text(encoding="utf-8")


def test_a_record_is_one_line_of_json_with_its_fields(tmp_path: Path) -> None:
    text = written(tmp_path, "json")
    assert text.count("\n") == 1
    assert text.removesuffix("\n").replace("\u3000", "").isprintable()
    line = json.loads(text)
    assert set(line) == {"time", "level", "logger", "message", "task", "run", "subject"}
    assert line["time"].endswith("+08:00")
    assert (line["level"], line["logger"]) == ("ERROR", "xunjian.serve")
    assert (line["task"], line["run"], line["subject"]) == ("cycle", "7", "column:新闻\n")
    assert line["message"].startswith(f"未能读取 {HOSTILE}\nTraceback")
    assert line["message"].endswith("ValueError: 第一行\n第二行")


def test_a_record_is_one_line_of_words_that_no_terminal_acts_upon(tmp_path: Path) -> None:
    text = written(tmp_path, "text")
    assert text.startswith(r"ERROR xunjian.serve: 未能读取 标题\u000a伪造的一行\u000d\u001b[31m红")
    assert text.endswith("[task=cycle run=7 subject=column:新闻\\u000a]\n")
    assert text.removesuffix("\n").replace("\u3000", "").isprintable()


def test_what_cannot_be_printed_is_written_as_json_writes_it() -> None:
    for char in ("\n", "\x1b", "\u202e", "\u2066", "\u2028", "\x9b", "\U000e0001", "\ud800"):
        assert json.loads(f'"{escaped(char)}"') == char
    assert escaped("中文 abc\u3000。") == "中文 abc\u3000。"


def test_a_file_that_is_full_is_turned_over_and_as_many_stay_as_are_to_be_kept(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.log"
    begin(Logging("json", "INFO", str(path), max_bytes=1000, keep=3))
    for number in range(100):
        logging.getLogger("xunjian.serve").info("第 %03d 条", number)
    files = sorted(tmp_path.iterdir())
    assert [each.name for each in files] == ["x.log", "x.log.1", "x.log.2", "x.log.3"]
    assert max(each.stat().st_size for each in files) <= 1000
    last = path.read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last)["message"] == "第 099 条"


def test_a_process_that_was_started_goes_on_in_the_file_that_was_begun_anew(
    tmp_path: Path,
) -> None:
    path = tmp_path / "x.log"
    take_over({"form": "json", "level": "WARNING", "file": str(path)})
    log = logging.getLogger("crawler.child")
    log.warning("before")
    path.rename(tmp_path / "x.log.1")
    log.warning("after")
    assert json.loads(path.read_text(encoding="utf-8"))["message"] == "after"


def test_libraries_are_heard_from_warning_and_the_service_from_its_own_level(
    tmp_path: Path,
) -> None:
    log_of_the_service(LogSection(format="json", level="info", file="x.log"), tmp_path)
    logging.getLogger("scrapy.core").setLevel(logging.DEBUG)
    for name in ("scrapy.core", "xunjian.serve", "app.reread"):
        for level in (logging.DEBUG, logging.INFO, logging.WARNING):
            logging.getLogger(name).log(level, "%d", level)
    lines = map(json.loads, tmp_path.joinpath("x.log").read_text("utf-8").splitlines())
    assert [(line["logger"], line["message"]) for line in lines] == [
        ("scrapy.core", "30"),
        ("xunjian.serve", "20"),
        ("xunjian.serve", "30"),
        ("app.reread", "20"),
        ("app.reread", "30"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("GET https://api/x?access_token=84_abc&y=1", "GET https://api/x?access_token=***&y=1"),
        ("postgresql+psycopg://u:p%40ss@db/x", "postgresql+psycopg://u:***@db/x"),
        ("http://www.example.cn:8080/a@b", "http://www.example.cn:8080/a@b"),
        ("login failed: synthetic-password", "login failed: ***"),
    ],
)
def test_no_secret_is_in_a_line(text: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNJIAN_MAIL_PASSWORD", "synthetic-password")
    assert masked(text) == told
