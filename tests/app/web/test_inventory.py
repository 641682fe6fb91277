"""The register on the pages: shown, changed only after a preview, handed-in files read apart."""

from __future__ import annotations

import resource
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from bs4 import BeautifulSoup
from httpx2 import Response

from app.apart import ApartError, read_register
from app.doctor.data import register as doctor_register
from app.home import Home
from app.register_changes import Changes, compare
from app.register_file import inventory_toml
from app.web import receiving
from app.web.drafts import Draft, Drafts
from app.web.pages import inventory_drafts
from app.web.register_form import values_of
from app.web.register_words import CHOICES, choices_of, help_of
from app.web.rights import Role
from storage.fields import TABLES
from storage.inventory import Inventory, read_toml
from storage.ledger import Ledger, RegisterChangedError, fingerprint
from storage.register import read_xlsx, write_xlsx
from tests.app.run import called
from tests.app.web.visiting import Visit, enter_people, rows_of, visiting
from tests.storage.hostile_files import FILES
from tests.storage.make import raw_register, register

LOADED = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
AT = "https://www.example.cn/"
BY_NAME = {table.name: table for table in TABLES}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the register and its people, which each test gets a copy of."""
    made = Home(tmp_path_factory.mktemp("loaded"))
    opened = made.open_ledger()
    opened.load_inventory(register(), LOADED)
    enter_people(opened)
    opened.close()
    return made.path("xunjian.db")


@pytest.fixture
def home(tmp_path: Path, loaded: Path) -> Home:
    shutil.copy(loaded, tmp_path)
    return Home(tmp_path)


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    opened = home.open_ledger()
    yield opened
    opened.close()


@pytest.fixture
def clerk(home: Home, ledger: Ledger) -> Iterator[Visit]:
    with visiting(home, ledger, Role.CLERK) as visit:
        yield visit


def edited(visit: Visit, path: str, **changes: str) -> Response:
    """Open a row's form, change some of its fields and send all of it, as a browser does."""
    page = visit.get(path)
    return visit.post(path, **{**form_of(page), **changes})


def form_of(page: BeautifulSoup) -> dict[str, str]:
    form = page.select_one("form.entry")
    assert form is not None
    held = {str(each["name"]): str(each.get("value", "")) for each in form.select("input")}
    held |= {str(each["name"]): each.text for each in form.select("textarea")}
    for each in form.select("select"):
        chosen = each.select_one("option[selected]")
        held[str(each["name"])] = str(chosen["value"]) if chosen else ""
    return {name: value for name, value in held.items() if name not in ("csrf", "file")}


def previewed(visit: Visit, answer: Response) -> tuple[str, BeautifulSoup]:
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    return path, visit.get(path)


def applied(visit: Visit, path: str, **more: str) -> Response:
    return visit.post(path, **{**form_of(visit.get(path)), **more})


def sent(visit: Visit, body: bytes, name: str) -> Response:
    page = visit.get("/inventory/upload")
    key = page.select_one("form.entry input[name=csrf]")
    assert key is not None
    return visit.client.post(
        "/inventory/upload", data={"csrf": str(key["value"])}, files={"file": (name, body)}
    )


def workbook(inventory: Inventory, folder: Path) -> bytes:
    write_xlsx(inventory, folder / "made.xlsx")
    return (folder / "made.xlsx").read_bytes()


def told(page: BeautifulSoup | str) -> list[str]:
    parsed = page if isinstance(page, BeautifulSoup) else BeautifulSoup(page, "lxml")
    return [each.text for each in parsed.select("div.fault p")]


def test_every_field_has_help_and_every_word_that_it_may_hold_is_chosen_from() -> None:
    fields = [(table, field) for table in TABLES for field in table.fields]
    assert all(help_of(table, field) for table, field in fields)
    words = [pair for pair in fields if "one_of" in pair[1].read.__qualname__]
    assert {(table.name, field.name) for table, field in words} == set(CHOICES)
    for table, field in words:
        with pytest.raises(ValueError, match="应为以下之一") as all_words:
            field.read("-")
        accepted = str(all_words.value).partition("：")[2].split("、")
        assert list(choices_of(table, field)) == accepted


@pytest.mark.parametrize("table", BY_NAME)
def test_what_stands_in_a_form_is_read_back_as_the_same_row(table: str) -> None:
    for row in register()[table]:
        values = values_of(BY_NAME[table], row)
        again = {
            field.name: field.read(values[field.name]) if values[field.name] else field.default
            for field in BY_NAME[table].fields
        }
        assert again == row


def test_the_register_in_force_is_shown_by_table_unit_and_words(clerk: Visit) -> None:
    page = clerk.get("/inventory")
    assert rows_of(page) == [
        ["news", "门户", "政务动态", f"{AT}news/", "动态新闻", "市政府办公室", "", ""],
        ["plan", "门户", "规划", f"{AT}plan/", "规划计划", "教育局", "6个月", "2026-12-31"],
    ]
    tabs = [each.text for each in page.select(".tabs a")]
    assert tabs == ["单位 2", "网站 1", "栏目 2", "信箱 1", "新媒体账号 1"]
    assert [row[0] for row in rows_of(clerk.get("/inventory?unit=jyj"))] == ["plan"]
    assert [row[0] for row in rows_of(clerk.get("/inventory?table=unit&unit=jyj"))] == ["jyj"]
    assert [row[0] for row in rows_of(clerk.get("/inventory?words=动态"))] == ["news"]
    assert rows_of(clerk.get("/inventory?words=%25")) == [["没有符合条件的栏目。"]]
    for odd in ("table=nothing", "page=0", "page=-1", "page=x", "page=99999999", "page=²"):
        clerk.get(f"/inventory?{odd}")


def test_a_table_is_shown_a_hundred_rows_at_a_time(ledger: Ledger, clerk: Visit) -> None:
    model = raw_register()["column"][0]
    many = [{**model, "id": f"c{n:03}"} for n in range(205)]
    ledger.load_inventory(register(column=many), LOADED)
    pages = [rows_of(clerk.get(f"/inventory?page={n}&words=c")) for n in (1, 2, 3)]
    assert [(len(rows), rows[0][0]) for rows in pages] == [
        (100, "c000"),
        (100, "c100"),
        (5, "c200"),
    ]
    links = [each["href"] for each in clerk.get("/inventory?page=2&words=c").select(".pages a")]
    assert links == [f"/inventory?table=column&unit=&words=c&page={n}" for n in (1, 3)]


def test_both_files_that_are_taken_home_hold_the_register(
    clerk: Visit, ledger: Ledger, tmp_path: Path
) -> None:
    answer = clerk.client.get("/inventory.xlsx")
    name = "%E7%99%BB%E8%AE%B0%E5%86%8C.xlsx"
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{name}"
    (tmp_path / "got.xlsx").write_bytes(answer.content)
    assert read_xlsx(tmp_path / "got.xlsx") == ledger.inventory()
    assert read_toml(clerk.client.get("/inventory.toml").text, "x") == ledger.inventory()


def test_who_may_not_register_sees_the_list_without_its_links_and_no_form(
    home: Home, ledger: Ledger
) -> None:
    with visiting(home, ledger, Role.REVIEWER) as reviewer:
        page = reviewer.get("/inventory")
        assert not page.select("table a")
        assert [each.text for each in page.select(".acts a")] == [
            "下载 Excel 登记册",
            "下载 inventory.toml",
        ]
        assert reviewer.status("/inventory/column/news") == 403
        assert reviewer.status("/inventory/upload") == 403
    with visiting(home, ledger, Role.VIEWER) as viewer:
        paths = ("/inventory", "/inventory.xlsx", "/inventory.toml", "/inventory/column/plan")
        assert [viewer.status(path) for path in paths] == [403] * 4


def test_a_change_is_told_field_by_field_and_written_only_when_it_is_confirmed(
    clerk: Visit, ledger: Ledger
) -> None:
    before = ledger.inventory()
    answer = edited(
        clerk,
        "/inventory/column/news",
        url="https://www.example.cn/new/",
        unit="jyj",
        cycle="2 weeks",
        render="是",
        expected="甲；乙",
    )
    path, page = previewed(clerk, answer)
    news = ["栏目", "news", "政务动态"]
    assert rows_of(page, "table.changed") == [
        [*news, "网址", "https://www.example.cn/news/", "https://www.example.cn/new/"],
        [*news, "责任单位编号", "zfb", "jyj"],
        [*news, "更新周期", "（空）", "14天"],
        [*news, "用浏览器打开", "否", "是"],
        [*news, "应列事项", "（空）", "甲；乙"],
    ]
    assert page.select(".sums")[0].text == "将新增 0，变更 1，停用 0。"
    assert (ledger.inventory(), ledger.audited()) == (before, [])

    done = applied(clerk, path)
    assert (done.status_code, done.headers["location"]) == (
        303,
        "/inventory?table=column&done=applied",
    )
    row = ledger.registered_row("column", "news")
    assert row is not None
    assert (row["url"], row["cycle"], row["expected"]) == (
        "https://www.example.cn/new/",
        "14 days",
        ["甲", "乙"],
    )
    (kept,) = ledger.audited()
    assert (kept.login, kept.action, kept.object) == ("clerk", "register.load", "column:news")
    assert kept.note == (
        "网页编辑：新增 0，变更 1，停用 0；网址 https://www.example.cn/news/ → "
        "https://www.example.cn/new/；责任单位编号 zfb → jyj；更新周期 （空） → 14天；"
        "用浏览器打开 否 → 是；应列事项 （空） → 甲；乙"
    )
    assert ledger.inventory(LOADED) == before  # what was in force then is still known
    assert clerk.status(path) == 404


def test_all_faults_are_told_at_once_beside_their_fields_and_nothing_typed_is_lost(
    clerk: Visit, ledger: Ledger
) -> None:
    answer = edited(
        clerk,
        "/inventory/column/news",
        name="",
        url="ftp://x",
        level="12",
        redirect_to="nowhere",
        exempt_until="2026-12-31",
    )
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "lxml")
    wrong = {str(each["id"])[: -len("-fault")]: each.text for each in page.select(".wrong")}
    assert wrong == {
        "name": "必填",
        "url": "应为以 http:// 或 https:// 开头的网址",
        "level": "应为 1 至 9 的整数",
        "redirect_to": "应为已登记的 [[column]] 的 id",
        "exempt_reason": "填写了豁免期限（exempt_until）时必填",
    }
    assert told(page) == ["有 5 处填写有误，已在各项下注明。"]
    typed = form_of(page)
    assert (typed["url"], typed["level"], typed["exempt_until"]) == ("ftp://x", "12", "2026-12-31")
    assert not list((Path(ledger.evidence.folder).parent / "drafts").glob("*"))


def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(clerk: Visit) -> None:
    for table, rows in register().items():
        clerk.get(f"/inventory/add/{table}")
        for row in rows:
            same = edited(clerk, f"/inventory/{table}/{row['id']}")
            assert (same.status_code, told(same.text)) == (422, ["没有改动任何内容。"])


def test_a_fault_of_what_cannot_be_changed_here_is_told_as_well(
    clerk: Visit, ledger: Ledger
) -> None:
    account = raw_register()["account"][0] | {"id": "公众号"}
    ledger.load_inventory(register(account=[account]), LOADED)
    answer = edited(clerk, "/inventory/account/公众号", source="wechat_api")
    page = BeautifulSoup(answer.text, "lxml")
    assert [each.text for each in page.select("#id-fault")] == [
        "来源方式为 wechat_api 时，应只含英文字母、数字、连字符、下划线或点"
    ]


def test_a_row_is_added_and_its_id_must_be_new(clerk: Visit, ledger: Ledger) -> None:
    row = {
        "id": "wjj",
        "name": "卫健局",
        "kind": "department",
        "emails": "a@example.cn, b@example.cn",
    }
    path, page = previewed(clerk, clerk.post("/inventory/add/unit", **row))
    assert rows_of(page, "table.added") == [
        ["单位", "wjj", "卫健局", "类别：部门；电子邮箱：a@example.cn；b@example.cn"]
    ]
    assert applied(clerk, path).status_code == 303
    assert ledger.units()[-1] == {**row, "emails": ["a@example.cn", "b@example.cn"]}
    again = clerk.post("/inventory/add/unit", **{**row, "id": "zfb"})
    page = BeautifulSoup(again.text, "lxml")
    assert [each.text for each in page.select(".wrong")] == ["编号重复，已用于第1行"]


def test_a_row_that_others_name_cannot_be_taken_out(clerk: Visit) -> None:
    answer = clerk.post("/inventory/unit/jyj/end")
    assert answer.status_code == 422
    assert told(answer.text) == [
        "[[column]] 第2行 id=plan 字段 unit：'jyj'，应为已登记的 [[unit]] 的 id"
    ]


def test_many_taken_out_need_a_typed_confirmation(clerk: Visit, ledger: Ledger) -> None:
    path, page = previewed(clerk, clerk.post("/inventory/mailbox/mayor/end"))
    assert rows_of(page, "table.ended") == [["信箱", "mayor", "市长信箱"]]
    assert told(page) == ["停用的较多，请核对：信箱 1 个中停用 1 个。"]
    refused = applied(clerk, path, confirm="2")
    assert refused.status_code == 422
    assert told(refused.text)[0] == "停用的较多，没有生效。确认无误的，请输入停用的总数 1。"
    assert ledger.registered_row("mailbox", "mayor") is not None
    assert applied(clerk, path, confirm="1").status_code == 303
    assert ledger.registered_row("mailbox", "mayor") is None
    assert ledger.inventory(LOADED) == register()


@pytest.mark.parametrize(("left", "warned"), [(18, False), (17, True), (0, True)])
def test_a_tenth_of_a_table_may_be_taken_out_without_and_one_more_may_not(
    left: int, warned: bool
) -> None:
    model = raw_register()["account"][0]
    twenty = [{**model, "id": f"wx{n}"} for n in range(20)]
    changes = compare(register(account=twenty), register(account=twenty[:left]))
    expected = [(BY_NAME["account"], 20 - left, 20)] if warned else []
    assert (len(changes.ended), list(changes.drained)) == (20 - left, expected)


def test_a_row_that_somebody_changed_while_its_form_was_open_is_not_overwritten(
    clerk: Visit, ledger: Ledger
) -> None:
    form = form_of(clerk.get("/inventory/unit/jyj"))
    other = raw_register()["unit"]
    other[1]["name"] = "教育和体育局"
    ledger.load_inventory(register(unit=other), LOADED)
    answer = clerk.post("/inventory/unit/jyj", **{**form, "kind": "department"})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "lxml")
    assert "这一行已被他人改动" in told(page)[0]
    assert [each.text for each in page.select(".now")] == [
        "现行内容：教育和体育局",
        "现行内容：其他",
    ]
    assert form_of(page)["kind"] == "department"
    path, _ = previewed(clerk, clerk.post("/inventory/unit/jyj", **form_of(page)))
    assert path.startswith("/inventory/drafts/")


def test_a_draft_is_refused_where_the_register_is_another_than_its_preview_showed(
    clerk: Visit, ledger: Ledger
) -> None:
    path, page = previewed(clerk, edited(clerk, "/inventory/column/news", level="3"))
    form = form_of(page)
    other = raw_register()
    other["unit"][1]["name"] = "教育和体育局"
    ledger.load_inventory(register(**other), LOADED)
    refused = clerk.post(path, **form)
    assert refused.status_code == 422
    assert told(refused.text)[0].startswith("预览之后登记册又有改动，本次没有生效。草稿仍然保留")
    assert ledger.audited() == []
    # Nothing is lost on either side: the draft is the clerk's row, not the register of before.
    again = BeautifulSoup(refused.text, "lxml")
    assert rows_of(again, "table.changed") == [["栏目", "news", "政务动态", "级别", "1", "3"]]
    assert clerk.post(path, **form_of(again)).status_code == 303
    assert [row["name"] for row in ledger.units()] == ["市政府办公室", "教育和体育局"]
    row = ledger.registered_row("column", "news")
    assert row is not None
    assert row["level"] == 3


def test_what_another_changes_in_the_moment_of_the_yes_is_not_taken_back(
    clerk: Visit, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, page = previewed(clerk, edited(clerk, "/inventory/column/news", level="3"))

    def compared(before: Inventory, after: Inventory) -> Changes:
        ledger.load_inventory(register(account=[]), LOADED)
        return compare(before, after)

    form = form_of(page)
    monkeypatch.setattr(inventory_drafts, "compare", compared)
    refused = clerk.post(path, **form)
    assert (refused.status_code, told(refused.text)[0]) == (422, inventory_drafts.CHANGED)
    assert (ledger.inventory()["account"], ledger.audited()) == ([], [])


def test_the_register_is_compared_in_the_transaction_that_replaces_it(ledger: Ledger) -> None:
    over = fingerprint(ledger.inventory())
    fewer = register(account=[])
    ledger.load_inventory(register(mailbox=[]), LOADED)
    with pytest.raises(RegisterChangedError):
        ledger.load_inventory(fewer, LOADED, over=over)
    assert ledger.inventory() == register(mailbox=[])
    ledger.load_inventory(fewer, LOADED, over=fingerprint(ledger.inventory()))
    # A row that came back stands last: the order says nothing of what a register says.
    assert fingerprint(ledger.inventory()) == fingerprint(fewer)


def test_a_workbook_is_previewed_then_applied(clerk: Visit, ledger: Ledger, tmp_path: Path) -> None:
    given = raw_register()
    given["column"][1] |= {"name": "规划计划", "exempt_until": date(2027, 6, 30)}
    given["unit"].append({"id": "wjj", "name": "卫健局"})
    given["account"] = []
    body = workbook(register(**given), tmp_path)
    path, page = previewed(clerk, sent(clerk, body, "C:\\我的文档\\登记册.xlsx"))
    assert page.select(".sums")[0].text == "将新增 1，变更 1，停用 1。"
    assert rows_of(page, "table.changed") == [
        ["栏目", "plan", "规划", "名称", "规划", "规划计划"],
        ["栏目", "plan", "规划", "豁免至", "2026-12-31", "2027-06-30"],
    ]
    assert rows_of(page, "table.added") == [["单位", "wjj", "卫健局", "类别：其他"]]
    assert rows_of(page, "table.ended") == [["新媒体账号", "wx", "本市发布"]]
    assert ledger.inventory() == register()
    assert applied(clerk, path, confirm="1").status_code == 303
    assert fingerprint(ledger.inventory()) == fingerprint(register(**given))
    (kept,) = ledger.audited()
    assert (kept.object, kept.note) == ("inventory", "文件 登记册.xlsx：新增 1，变更 1，停用 1")


def test_an_empty_register_ends_nothing(clerk: Visit, ledger: Ledger, home: Home) -> None:
    draft = Draft("clerk", "文件 inventory.toml", whole={table: [] for table in BY_NAME})
    path = f"/inventory/drafts/{Drafts(home.path('drafts')).keep(draft, LOADED)}"
    refused = applied(clerk, path, confirm="7")
    assert refused.status_code == 422
    assert "没有任何单位、网站、栏目、信箱或账号" in told(refused.text)
    assert ledger.inventory() == register()


def test_every_fault_of_a_file_is_told_and_nothing_is_kept(clerk: Visit, home: Home) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "单位"
    for row in (["编号", "名称", "类别"], ["a b", "甲", "x"], ["c", "", "other"]):
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    answer = sent(clerk, out.getvalue(), "<b>单位</b>.xlsx")
    assert answer.status_code == 422
    assert told(answer.text) == [
        "b>.xlsx：有 3 处错误，未载入，原有登记册保持不变。",
        "[[unit]] 第2行 id=a b 字段 id：'a b'，"
        "应为编号：字母、数字、汉字、下划线、点或连字符，不超过64个字符",
        "[[unit]] 第2行 id=a b 字段 kind：'x'，应为以下之一：department、town、other",
        "[[unit]] 第3行 id=c 字段 name：None，必填",
    ]
    assert not home.path("drafts").exists()
    for name in ("register.csv", "register", ""):
        assert told(sent(clerk, b"x", name).text) == ["请选择 .xlsx 或 .toml 格式的登记册文件。"]


@pytest.mark.parametrize("name", ["laughs.xlsx", "dots.toml"])
def test_a_hostile_file_is_refused_by_a_process_of_its_own_and_the_servers_memory_is_not_bound(
    name: str, clerk: Visit, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("the bound is the whole process's")

    before = resource.getrlimit(resource.RLIMIT_DATA)
    monkeypatch.setattr(resource, "setrlimit", never)
    made, words = FILES[name]
    answer = sent(clerk, made(), name)
    assert answer.status_code == 422
    head, line = told(answer.text)
    assert head == f"{name}：有 1 处错误，未载入，原有登记册保持不变。"
    assert words in line
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert ledger.inventory() == register()


def test_a_reader_that_takes_too_long_or_dies_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "inventory.toml"
    path.write_text("", encoding="utf-8")
    with pytest.raises(ApartError, match="读取它超过"):
        read_register(path, 0.01)

    def died(*_: object, **__: object) -> subprocess.CompletedProcess[bytes]:
        return subprocess.CompletedProcess([], -9)

    monkeypatch.setattr(subprocess, "run", died)
    with pytest.raises(ApartError, match="中途退出"):
        read_register(path)


def test_the_reading_process_is_given_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Mapping[str, str]] = []

    def run(*_: object, **options: Mapping[str, str]) -> subprocess.CompletedProcess[bytes]:
        seen.append(options["env"])
        return subprocess.CompletedProcess([], 1)

    monkeypatch.setenv("XUNJIAN_MAIL_PASSWORD", "secret")
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(ApartError):
        read_register(tmp_path / "inventory.toml")
    assert set(seen[0]) <= {"PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "PYTHONUTF8"}


def test_a_file_that_is_too_large_is_refused_while_it_is_received(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []

    def reads(path: Path) -> Inventory:
        read.append(path)
        return {}

    monkeypatch.setattr(receiving, "MOST_BYTES", 2**20)
    monkeypatch.setattr(inventory_drafts, "read_register", reads)
    with visiting(home, ledger, Role.CLERK) as clerk:
        answer = sent(clerk, b"#" * 3 * 2**20, "inventory.toml")
        assert answer.status_code == 413
        assert "文件超过 1 MB，没有接收。" in answer.text
        assert read == []
        assert sent(clerk, b"#" * 2**20, "inventory.toml").status_code == 303
        assert len(read) == 1
    form = {f"a{n}": "x" * 2**18 for n in range(5)}
    with visiting(home, ledger, Role.CLERK) as clerk:
        answer = clerk.post("/inventory/column/news", **form)
    assert (answer.status_code, "表单内容过多" in answer.text) == (413, True)


def test_a_draft_is_its_makers_alone(home: Home, ledger: Ledger, clerk: Visit) -> None:
    path, _ = previewed(clerk, edited(clerk, "/inventory/column/news", level="3"))
    with visiting(home, ledger, Role.OPERATOR) as operator:
        assert operator.status(path) == 404
        assert operator.post(path, over=fingerprint(ledger.inventory())).status_code == 404
    for key in ("..%2Fsettings", "x" * 22, "%2e%2e"):
        assert clerk.status(f"/inventory/drafts/{key}") == 404
    assert clerk.post(f"{path}/drop").headers["location"] == "/inventory?table=column&done=dropped"
    assert clerk.status(path) == 404
    assert clerk.status("/inventory/column/nothing") == 404
    assert clerk.status("/inventory/nothing/news") == 404


def test_an_older_file_does_not_take_back_in_silence_what_was_changed_on_the_pages(
    home: Home, ledger: Ledger, clerk: Visit
) -> None:
    file = home.path("inventory.toml")
    file.write_text(inventory_toml(register()), encoding="utf-8")
    assert not clerk.get("/inventory").select(".note")
    assert called("inventory", "load", home=home.folder).code == 0
    path, _ = previewed(clerk, edited(clerk, "/inventory/column/news", level="3"))
    assert applied(clerk, path).status_code == 303
    (note,) = clerk.get("/inventory?done=applied").select(".note")
    assert note.text.startswith(
        "数据目录中的 inventory.toml 与现行登记册不同（按该文件将新增 0，变更 1，停用 0）。"
    )

    (check,) = doctor_register(home, ledger)
    assert check.note.endswith("请从网页“登记册”下载 inventory.toml 替换该文件")
    refused = called("inventory", "load", home=home.folder)
    assert refused.code == 2
    assert "登记册最近由 clerk 于" in refused.err
    assert "网页编辑：新增 0，变更 1，停用 0；级别 1 → 3" in refused.err
    assert ledger.registered_row("column", "news") != register()["column"][0]
    file.write_bytes(clerk.client.get("/inventory.toml").content)
    assert not clerk.get("/inventory").select(".note")
    assert called("inventory", "load", home=home.folder).code == 0

    file.write_text(inventory_toml(register()), encoding="utf-8")
    assert called("inventory", "load", "--overwrite", home=home.folder).code == 0
    assert fingerprint(ledger.inventory()) == fingerprint(register())
    # From now on the last word is a command's again.
    file.write_text(inventory_toml(register(account=[])), encoding="utf-8")
    assert called("inventory", "load", home=home.folder).code == 0
