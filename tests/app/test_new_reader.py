"""`new-reader` in a copy of the project: what it makes fails until filled in and reviewed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from app.commands.new_reader import EXAMPLE
from app.scaffold import listed, new_reader, registered
from app.settings import SettingsError

ROOT = Path(__file__).parents[2]
NAME = "othercms"
SIGN = "othercms-list"
# Plugins of pytest that these tests do not use take most of its time to start.
PLAIN = {"PYTHONIOENCODING": "utf-8", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


def list_page(mark: str = "synthetic") -> str:
    rows = "".join(
        f"<li><a href='/a/{n}.html'>关于做好第{n}项工作的通知</a><span>2026-11-1{n}</span></li>"
        for n in (8, 7, 5)
    )
    return (
        f"<!-- {mark} --><html><body><h2>通知公告</h2><ul class='{SIGN}'>{rows}</ul></body></html>"
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the project's tree, large pages and demo aside, as a developer has it."""
    copy = tmp_path / "checkout"
    left_out = shutil.ignore_patterns(
        ".*", "__pycache__", "*.egg-info", "demo-home", "corpus", "mutations", "docs"
    )
    shutil.copytree(ROOT, copy, ignore=left_out)
    tmp_path.joinpath("saved.html").write_text(list_page(), encoding="utf-8")
    return copy


def run(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XUNJIAN_", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=checkout,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**environment, **PLAIN, "PYTHONPATH": str(checkout)},
        timeout=300,
        check=False,
    )


def make(checkout: Path, name: str = NAME, page: str = "../saved.html") -> int:
    return run(checkout, "app", "new-reader", name, page, "--today", "2026-11-22").returncode


def failing(checkout: Path) -> set[str]:
    """Which tests fail: those of the new reader, and of every saved page."""
    files = [f"tests/crawler/test_{NAME}.py", "tests/crawler/test_choose.py"]
    ran = run(checkout, "pytest", "-q", "-p", "no:cacheprovider", "-k", NAME, *files)
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    lines = [line for line in ran.stdout.splitlines() if line.startswith("FAILED ")]
    return {line.split("::")[1].split(" ")[0] for line in lines}


SIGN_TEST = "test_the_saved_page_is_recognised_by_its_sign"
PAGE_TEST = f"test_a_saved_page_reads_as_its_reviewed_expectation_says[ok-list_{NAME}]"


def test_a_new_reader_fails_until_it_is_filled_in_and_reviewed(checkout: Path) -> None:
    assert make(checkout) == 0
    assert failing(checkout) == {SIGN_TEST, PAGE_TEST}
    module = checkout / "crawler" / "readers" / f"{NAME}.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace('SIGN = ""', f'SIGN = "{SIGN}"'), encoding="utf-8")
    assert failing(checkout) == {PAGE_TEST}
    expectation = checkout / "tests" / "pages" / "ok" / f"list_{NAME}.json"
    drafted = json.loads(expectation.read_text(encoding="utf-8"))
    assert (drafted["reviewed"], drafted["newest"], len(drafted["items"])) == (
        False,
        "2026-11-18",
        3,
    )
    expectation.write_text(json.dumps({**drafted, "reviewed": True}), encoding="utf-8")
    assert failing(checkout) == set()


def test_what_is_made_is_in_order_and_known_to_the_register(checkout: Path) -> None:
    assert make(checkout) == 0
    made = [
        f"crawler/readers/{NAME}.py",
        f"tests/crawler/test_{NAME}.py",
        "crawler/readers/choose.py",
        "storage/fields.py",
    ]
    for arguments in (("ruff", "check", *made), ("ruff", "format", "--check", *made)):
        ran = run(checkout, *arguments)
        assert ran.returncode == 0, ran.stdout
    code = (
        "from crawler.readers.choose import READERS as R; from storage.fields import READERS as F;"
        "names = [r.name for r in R]; print(sorted(F) == sorted(['auto', *names]), names[-3:])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=checkout, capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == f"True ['{NAME}', 'home', 'rows']"


@pytest.mark.parametrize(
    ("name", "page", "told"),
    [
        ("2cms", "saved.html", "小写字母"),
        ("Other-CMS", "saved.html", "小写字母"),
        ("class", "saved.html", "小写字母"),
        ("truecms", "saved.html", "已登记"),
        ("article", "saved.html", "已存在"),
        (NAME, "missing.html", "文件不存在"),
        (NAME, "real.html", "真实网站的页面不得收入项目"),
    ],
)
def test_what_stands_in_the_way_is_named(name: str, page: str, told: str, tmp_path: Path) -> None:
    tmp_path.joinpath("saved.html").write_text(list_page(), encoding="utf-8")
    tmp_path.joinpath("real.html").write_text(list_page("某市政府网站"), encoding="utf-8")
    with pytest.raises(SettingsError, match=told):
        new_reader(ROOT, name, tmp_path / page, EXAMPLE, date(2026, 11, 22))


def test_outside_a_checkout_the_command_says_where_to_run_it_and_writes_nothing(
    tmp_path: Path,
) -> None:
    tmp_path.joinpath("saved.html").write_text(list_page(), encoding="utf-8")
    refused = subprocess.run(
        [sys.executable, "-m", "app", "new-reader", NAME, "saved.html"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert refused.returncode == 2
    assert "项目的工作副本根目录" in refused.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["saved.html"]


def test_a_place_that_is_not_found_is_named_and_never_guessed() -> None:
    for source in ("", "READERS = ()\n", "from crawler.readers import feed\nREADERS: X = (a,)\n"):
        with pytest.raises(SettingsError, match=r"choose\.py 中没有找到"):
            registered(source, NAME)
    for source in ("", "READERS = ('auto', 'rows')\n", "READERS = words.split()\n"):
        with pytest.raises(SettingsError, match=r"fields\.py 中没有找到"):
            listed(source, NAME)
    with pytest.raises(SettingsError, match="已登记"):
        listed('READERS = "auto othercms home rows".split()\n', NAME)


def test_the_reader_comes_before_the_generic_ones_however_the_lines_are_broken() -> None:
    source = (
        "from crawler.readers import feed, zcms\n\n"
        "READERS: tuple[Reader, ...] = (\n"
        "    Reader(feed.NAME, feed.recognise, feed.read_feed),\n"
        "    Reader(ROWS, _anything, read_rows),\n)\n"
    )
    lines = registered(source, NAME).splitlines()
    assert lines[0] == "from crawler.readers import feed, othercms, zcms"
    assert lines[4] == "    Reader(othercms.NAME, othercms.recognise, othercms.read),"
    short = listed('READERS = "auto feed home rows".split()\n', NAME)
    assert short == 'READERS = "auto feed othercms home rows".split()\n'
    words = [f"somecms{n}" for n in range(9)]
    long = listed(f'READERS = (\n    "auto {" ".join(words)} "\n    "home rows"\n).split()\n', NAME)
    assert max(map(len, long.splitlines())) <= 100
    space: dict[str, list[str]] = {}
    exec(long, space)  # noqa: S102
    assert space["READERS"] == ["auto", *words, NAME, "home", "rows"]
