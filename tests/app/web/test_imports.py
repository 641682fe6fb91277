"""Exports handed in on a page: previewed as the commands preview them, never kept, read apart."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from httpx2 import Response

from app.home import Home
from app.web.importing import OPTIONS, on_a_page
from app.web.pages.imports import OTHER
from app.web.rights import Role
from checks.freshness import local_day
from storage.clock import now
from storage.ledger import Ledger
from tests.app.run import called
from tests.app.web.visiting import Visit, enter_people, visiting
from tests.storage.hostile_files import FILES
from tests.storage.make import register

LOADED = datetime(2020, 1, 1, tzinfo=UTC)
POSTS = "标题,链接,发布时间\n示例甲,https://mp.example.cn/1,2026-11-02\n"
LETTERS = "编号,来信日期,姓名,答复日期\nA1,2026-11-02,张三,\nA2,2026-11-03,李四,2026-11-05\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    folder = tmp_path / "home"
    folder.mkdir()
    return Home(folder)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = home.open_ledger()
    opened.load_inventory(register(), LOADED)
    enter_people(opened)
    yield opened
    opened.close()


@pytest.fixture
def clerk(home: Home, ledger: Ledger) -> Iterator[Visit]:
    with visiting(home, ledger, Role.CLERK) as visit:
        yield visit


def sent(visit: Visit, kind: str, body: str | bytes, name: str, **form: str) -> Response:
    key = visit.get("/imports").select_one("form.entry input[name=csrf]")
    assert key is not None
    data = {"csrf": str(key["value"]), **form}
    file = body.encode() if isinstance(body, str) else body
    return visit.client.post(f"/imports/{kind}", data=data, files={"file": (name, file)})


def hidden(page: BeautifulSoup) -> dict[str, str]:
    found = page.select("main input[type=hidden]")
    return {str(each["name"]): str(each["value"]) for each in found if each["name"] != "csrf"}


def faults(answer: Response) -> list[str]:
    return [each.text for each in BeautifulSoup(answer.text, "lxml").select("div.fault p")]


def looks(ledger: Ledger, key: str) -> list[str]:
    history = ledger.histories([key], now()).get(key)
    word = history.word if history is not None else None
    return [f"{word.by} {word.shown_to}"] if word is not None else []


@pytest.mark.parametrize(
    ("kind", "of", "command", "body", "done"),
    [
        ("posts", "wx", ["account", "import", "--account", "wx"], POSTS, "发布记录已导入。"),
        ("letters", "mayor", ["mailbox", "import", "--mailbox", "mayor"], LETTERS, "来信已导入。"),
    ],
)
def test_an_export_is_previewed_as_the_command_does_and_imported_when_it_is_confirmed(
    kind: str,
    of: str,
    command: list[str],
    body: str,
    done: str,
    home: Home,
    ledger: Ledger,
    clerk: Visit,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = tmp_path / "held"
    held.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(held))
    file = tmp_path / "导出.csv"
    file.write_text(body, encoding="utf-8")
    typed = called(*command, str(file), "--by", "示例clerk", home=home.folder)
    assert typed.code == 0

    key = f"{'account' if kind == 'posts' else 'mailbox'}:{of}"
    page = BeautifulSoup(sent(clerk, kind, body, "导出.csv", of=of).text, "lxml")
    assert page.select("pre")[0].text.splitlines() == typed.out.splitlines()
    assert (looks(ledger, key), ledger.audited()) == ([], [])

    # The file is not kept: it is chosen again, and another is not taken for it.
    other = body.replace("2026-11-02", "2026-11-01")
    refused = sent(clerk, kind, other, "导出.csv", **hidden(page))
    assert (refused.status_code, faults(refused)) == (422, [OTHER])
    assert looks(ledger, key) == []
    answer = sent(clerk, kind, body, "导出.csv", **hidden(page))
    assert (answer.status_code, answer.headers["location"]) == (303, f"/imports?done={kind}")
    assert clerk.get(f"/imports?done={kind}").select("div.good")[0].text == done
    assert looks(ledger, key) == [f"示例clerk {local_day(now())}"]
    (kept,) = ledger.audited()
    assert (kept.login, kept.action, kept.object) == ("clerk", f"import.{kind}", key)
    assert kept.note is not None
    assert kept.note.startswith("导出.csv：")
    assert list(held.iterdir()) == []
    assert not home.path("drafts").exists()


def test_what_is_at_fault_is_told_in_the_pages_words(clerk: Visit, ledger: Ledger) -> None:
    answer = sent(clerk, "posts", POSTS, "导出.csv", exported_on="2026-11-01")
    assert answer.status_code == 422
    assert faults(answer) == [
        "导出.csv：没有导入任何内容，已有数据保持不变。",
        "没有指明账号：请用“账号”一项指定，或在文件中用“账号”一列逐行写明",
    ]
    early = sent(clerk, "posts", POSTS, "a.csv", of="wx", exported_on="2026-11-01")
    days = BeautifulSoup(early.text, "lxml").select("input[type=date]")
    assert {str(each["id"]): str(each["value"]) for each in days} == {
        "posts-on": "2026-11-01",
        "letters-on": "",
    }
    assert faults(early)[1:] == ["导出日期：2026-11-01 早于文件中最新一条的 2026-11-02"]
    assert faults(sent(clerk, "letters", LETTERS, "a.csv", of="none")) == [
        "登记册中没有信箱 none。已登记的信箱：mayor"
    ]
    assert faults(sent(clerk, "letters", LETTERS, "a.csv", of="mayor", exported_on="x")) == [
        "导出日期 x：应为日期，如 2026-11-22"
    ]
    assert faults(sent(clerk, "posts", b"", "a.pdf")) == ["请选择 CSV 或 .xlsx 格式的导出文件。"]
    assert clerk.post("/imports/nothing").status_code == 404
    assert ledger.audited() == []
    assert on_a_page([f"x（{each}）{each}" for each in OPTIONS]) == [
        f"x{word}" for word in OPTIONS.values()
    ]


def test_a_hostile_export_is_refused_without_binding_the_servers_memory(
    clerk: Visit, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the bound is the whole process's")

    before = resource.getrlimit(resource.RLIMIT_DATA)
    monkeypatch.setattr(resource, "setrlimit", never)
    made, words = FILES["laughs.xlsx"]
    answer = sent(clerk, "posts", made(), "laughs.xlsx", of="wx")
    assert answer.status_code == 422
    assert words in faults(answer)[1]
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert ledger.histories(["account:wx"], now()).get("account:wx") is None


def test_who_may_not_register_may_not_import(home: Home, ledger: Ledger) -> None:
    for role in (Role.VIEWER, Role.REVIEWER, Role.LEADER):
        with visiting(home, ledger, role) as visit:
            assert visit.status("/imports") == 403
            assert visit.post("/imports/posts").status_code == 403
