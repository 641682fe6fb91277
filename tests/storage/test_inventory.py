"""A register file is read whole or not at all, and every fault is told at once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from storage.fields import TABLES
from storage.inventory import Fault, InventoryError, read_toml, validate
from tests.storage.make import raw_register

Raw = dict[str, Any]


def faults_of(raw: Raw) -> tuple[Fault, ...]:
    with pytest.raises(InventoryError) as refused:
        validate(raw, "登记册.toml")
    for fault in refused.value.faults:
        assert str(fault) in str(refused.value).splitlines()
    return refused.value.faults


def only_fault(raw: Raw) -> Fault:
    (fault,) = faults_of(raw)
    return fault


def where(fault: Fault) -> tuple[str, int, str, str]:
    return (fault.table, fault.row, fault.id, fault.field)


def test_a_fault_names_file_table_row_id_field_value_and_what_was_expected() -> None:
    raw = raw_register()
    raw["column"][1]["class"] = "新闻"
    with pytest.raises(InventoryError) as refused:
        validate(raw, "登记册.toml")
    assert str(refused.value) == (
        "登记册.toml：登记册有 1 处错误，未载入，原有登记册保持不变。\n"
        "[[column]] 第2行 id=plan 字段 class：'新闻'，应为以下之一：news、notice、policy_doc、"
        "interpretation、catalog、overview、leader、institution、plan、personnel、statistics、"
        "interview、survey、special、service、other"
    )


def test_an_unknown_table_is_named_with_the_known_ones() -> None:
    fault = only_fault({**raw_register(), "columns": [{"id": "x"}]})
    assert (fault.table, fault.expected) == (
        "columns",
        "未知的表，应为 unit（单位）、site（网站）、column（栏目）、mailbox（信箱）、"
        "account（新媒体账号）",
    )


@pytest.mark.parametrize("written", [{"id": "a"}, "a", ["a"], 1, [[{"id": "a"}]]])
def test_a_table_that_is_no_list_of_rows_is_a_fault(written: Any) -> None:
    fault = only_fault({**raw_register(), "account": written})
    assert (fault.field, fault.expected) == ("account", "应写作 [[account]]")


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_an_unknown_key_is_a_fault_in_every_table(table: str) -> None:
    raw = raw_register()
    raw[table][0]["colour"] = "red"
    fault = only_fault(raw)
    assert where(fault) == (table, 1, raw[table][0]["id"], "colour")
    assert "未知的字段" in fault.expected


REQUIRED = [(t.name, f.name) for t in TABLES for f in t.fields if f.required]


@pytest.mark.parametrize("empty", [None, ""])
@pytest.mark.parametrize(("table", "field"), REQUIRED)
def test_every_required_field_is_missed(table: str, field: str, empty: str | None) -> None:
    raw = raw_register()
    raw[table].append({**raw[table][0], "id": "another", field: empty})
    fault = only_fault(raw)
    row_id = "" if field == "id" and empty == "" else str(raw[table][-1]["id"])
    assert where(fault) == (table, len(raw[table]), row_id, field)
    assert fault.expected == "必填"


def test_the_required_fields_are_those_of_the_contract() -> None:
    assert [
        *(("unit", f) for f in "id name".split()),
        *(("site", f) for f in "id name home unit".split()),
        *(("column", f) for f in "id site name url class unit".split()),
        *(("mailbox", f) for f in "id site name unit".split()),
        *(("account", f) for f in "id platform name unit source".split()),
    ] == REQUIRED


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_an_id_used_twice_names_both_rows(table: str) -> None:
    raw = raw_register()
    raw[table].append(dict(raw[table][0]))
    fault = only_fault(raw)
    assert where(fault) == (table, len(raw[table]), raw[table][0]["id"], "id")
    assert fault.expected == "编号重复，已用于第1行"


@pytest.mark.parametrize("same", [12, 12.0, " 12 "])
def test_an_id_written_as_number_and_as_text_is_the_same_id(same: Any) -> None:
    raw = raw_register()
    raw["unit"] += [{"id": "12", "name": "甲"}, {"id": same, "name": "乙"}]
    assert "已用于第3行" in only_fault(raw).expected


def test_a_reference_to_an_id_written_as_a_number_is_not_dangling() -> None:
    raw = raw_register()
    raw["unit"].append({"id": 12.0, "name": "甲"})
    raw["site"][0]["unit"] = 12
    assert validate(raw, "x")["site"][0]["unit"] == "12"


@pytest.mark.parametrize(
    ("table", "field", "to"),
    [(t.name, f.name, f.refers_to) for t in TABLES for f in t.fields if f.refers_to],
)
def test_a_reference_to_nothing_is_a_fault(table: str, field: str, to: str) -> None:
    raw = raw_register()
    raw[table][0][field] = "nowhere"
    fault = only_fault(raw)
    assert where(fault) == (table, 1, raw[table][0]["id"], field)
    assert fault.expected == f"应为已登记的 [[{to}]] 的 id"


def test_a_reference_to_a_faulty_row_is_no_second_fault() -> None:
    raw = raw_register()
    raw["site"][0]["home"] = "nonsense"
    assert where(only_fault(raw)) == ("site", 1, "portal", "home")


BAD_VALUES: list[tuple[str, str, list[Any]]] = [
    (
        "column",
        "url",
        [
            "ftp://a.cn/",
            "www.example.cn",
            "http://",
            "http:///x",
            "javascript:alert(1)",
            "http://[::1",
            "http://a.cn:port/",
            "http://a.cn/a b",
            "http://a.cn/\nb",
            17,
            True,
            ["http://a.cn/"],
        ],
    ),
    ("site", "home", ["ftp://a.cn/", "//a.cn"]),
    ("account", "url", ["weixin://x"]),
    (
        "column",
        "exempt_until",
        ["2026/11/20", "明年", "2026-13-01", "2026-02-29", "0026-11-20", 20, True, [], {}],
    ),
    ("account", "opened_on", ["2020年1月2日"]),
    ("column", "class", ["News", "news ", "新闻", 1, ["news"], {}]),
    ("column", "cycle", ["30", "30天", "0 days", "-1 days", "30 fortnights", 30, "5 工作日"]),
    ("mailbox", "limit", ["5", "five working days", True]),
    (
        "unit",
        "emails",
        [
            "a",
            "张三@x.cn",
            "a@b.cn, c",
            ["a@b.cn", 1],
            [["a@b.cn"]],
            ["a@b.cn\nBcc: c@d.cn"],
            ["A <a@b.cn>"],
            ["a@b.cn；c@d.cn"],
            ["a\0@b.cn"],
            1,
            {},
            ["a@b.cn"] * 6000,
        ],
    ),
    ("unit", "kind", ["bureau", 1]),
    ("site", "code", ["320685", "32068500011", "3206-85-0001", 1.5, True]),
    ("site", "portal", ["maybe", 1, 0, "TRUE", []]),
    ("column", "render", ["chromium", 1, 0]),
    ("column", "level", [0, 10, 1.5, "一", "²", True, [1]]),
    ("column", "min_items", [-1, 100_001, "many"]),
    ("column", "reader", ["magic"]),
    (
        "column",
        "selectors",
        [
            date(2026, 1, 1),
            ["li"],
            "a\nb",
            "a\x00b",
            "li[",
            "rows=li",
            "row=li[",
            "row=li; row=tr",
            "row=",
            "date=span",
            "row=li; span.rq",
            " ; ",
        ],
    ),
    ("column", "name", ["  ", "两\n行", "a\tb\x0bc", "a\ud800", "a\uffff", "长" * 32_768, True]),
    ("column", "id", ["a b", "a/b", "a:b", "x" * 65, "a\nb", True, [1]]),
    ("mailbox", "clock", ["received"]),
    ("mailbox", "reader", ["rows"]),
    ("account", "platform", ["WeChat", "twitter"]),
    ("account", "source", ["rss"]),
]


@pytest.mark.parametrize(
    ("table", "field", "value"),
    [(table, field, value) for table, field, values in BAD_VALUES for value in values],
)
def test_a_wrong_value_is_one_fault_on_one_line(table: str, field: str, value: Any) -> None:
    raw = raw_register()
    raw[table].append({**raw[table][-1], "id": "another", field: value})
    fault = only_fault(raw)
    assert (fault.table, fault.row, fault.field) == (table, len(raw[table]), field)
    assert fault.expected.startswith("应")
    assert len(str(fault).splitlines()) == 1


@pytest.mark.parametrize(
    ("table", "field", "written", "kept"),
    [
        ("column", "name", "  政务动态　", "政务动态"),
        ("column", "name", 2026, "2026"),
        ("column", "id", "栏目-1.a_B", "栏目-1.a_B"),
        ("column", "level", "2", 2),
        ("column", "level", 2.0, 2),
        ("column", "cycle", "2 weeks", "14 days"),
        ("column", "selectors", " ul.list > li ", "ul.list > li"),
        ("column", "selectors", "row = li\n date=span.rq ;\n", "row=li; date=span.rq"),
        ("column", "selectors", "row=li；title=a[href$='.html']", "row=li; title=a[href$='.html']"),
        ("column", "exempt_until", "2026-11-20", date(2026, 11, 20)),
        ("column", "exempt_until", datetime(2026, 11, 20, 8, 0), date(2026, 11, 20)),  # noqa: DTZ001
        ("unit", "emails", "a@b.cn；c@d.cn, e@f.cn;", ["a@b.cn", "c@d.cn", "e@f.cn"]),
        ("unit", "emails", [], []),
        ("site", "portal", "是", True),
        ("site", "portal", "否", False),
        ("site", "code", 3206850001, "3206850001"),
        ("site", "code", "bm12345678", "bm12345678"),
        ("account", "filing_no", "000123", "000123"),
    ],
)
def test_what_a_clerk_may_write_is_understood(
    table: str, field: str, written: Any, kept: Any
) -> None:
    raw = raw_register()
    raw[table][-1].update(
        {"exempt_reason": "改版"} if table == "column" else {}, **{field: written}
    )
    assert validate(raw, "x")[table][-1][field] == kept


def test_absent_and_empty_fields_get_the_default_of_the_contract() -> None:
    raw = raw_register()
    raw["column"][0].update(reader="", exempt_until=None)
    found = validate(raw, "x")
    assert found["column"][0] == {
        **raw["column"][0],
        "level": 1,
        "cycle": None,
        "bucket": "none",
        "min_items": None,
        "reader": "auto",
        "selectors": None,
        "render": False,
        "redirect_to": None,
        "expected": [],
        "exempt_until": None,
        "exempt_reason": None,
    }
    assert found["unit"][1] == {"id": "jyj", "name": "教育局", "kind": "other", "emails": []}
    assert validate(raw, "x")["unit"][1]["emails"] is not found["unit"][1]["emails"]


def test_an_unreadable_exemption_reason_is_named_once() -> None:
    raw = raw_register()
    raw["column"][1]["exempt_reason"] = True
    assert only_fault(raw).expected == "应为文字"


@pytest.mark.parametrize("reason", [None, ""])
def test_an_exemption_needs_its_reason(reason: str | None) -> None:
    raw = raw_register()
    raw["column"][1]["exempt_reason"] = reason
    fault = only_fault(raw)
    assert where(fault) == ("column", 2, "plan", "exempt_reason")
    assert fault.expected == "填写了豁免期限（exempt_until）时必填"


def with_entries(**to: str) -> dict[str, list[dict[str, Any]]]:
    """The register with further columns, each leading to another."""
    raw = raw_register()
    raw["column"] += [
        {**raw["column"][0], "id": id_, "redirect_to": target} for id_, target in to.items()
    ]
    return raw


def test_a_menu_entry_may_lead_to_a_column_with_a_list_of_its_own() -> None:
    raw = with_entries(a="news", b="news")
    assert [row["redirect_to"] for row in validate(raw, "x")["column"]] == [
        None, None, "news", "news",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("to", "at_fault"),
    [
        ({"a": "a"}, [("a", "a")]),
        ({"a": "b", "b": "news"}, [("a", "b")]),
        ({"b": "news", "a": "b"}, [("a", "b")]),
        ({"a": "b", "b": "a"}, [("a", "b"), ("b", "a")]),
        ({"a": "b", "b": "c", "c": "a"}, [("a", "b"), ("b", "c"), ("c", "a")]),
    ],
)
def test_itself_a_chain_and_a_ring_are_no_list_to_lead_to(
    to: dict[str, str], at_fault: list[tuple[str, str]]
) -> None:
    faults = faults_of(with_entries(**to))
    assert sorted((fault.id, fault.value) for fault in faults) == at_fault
    assert {fault.field for fault in faults} == {"redirect_to"}
    assert {fault.expected for fault in faults} == {
        "应为自有列表的栏目的 id，该栏目自身又转到别的栏目"
    }


def test_an_id_that_could_not_be_read_is_no_entry_of_a_chain() -> None:
    raw = with_entries(a="news")
    raw["column"][-1]["id"] = [1]
    assert [where(fault)[3] for fault in faults_of(raw)] == ["id"]


@pytest.mark.parametrize("source", ["feed", "weibo", "page"])
def test_an_account_that_is_crawled_needs_an_address(source: str) -> None:
    raw = raw_register()
    raw["account"][0].update(source=source, url=None)
    fault = only_fault(raw)
    assert where(fault) == ("account", 1, "wx", "url")
    assert fault.expected == f"来源方式为 {source} 时必填"


@pytest.mark.parametrize("source", ["wechat_api", "csv", "manual"])
def test_an_account_that_no_address_leads_to_needs_none(source: str) -> None:
    raw = raw_register()
    raw["account"][0].update(source=source, url=None)
    assert validate(raw, "x")["account"][0]["url"] is None


def with_wechat(*ids: str) -> dict[str, Any]:
    raw = raw_register()
    account = {**raw["account"][0], "source": "wechat_api", "url": None}
    raw["account"] = [{**account, "id": each} for each in ids]
    return raw


def test_an_account_with_credentials_of_its_own_has_an_id_of_plain_letters() -> None:
    fault = only_fault(with_wechat("wx-1", "发布", "Wx_2.a"))
    assert where(fault) == ("account", 2, "发布", "id")
    assert fault.expected == ("来源方式为 wechat_api 时，应只含英文字母、数字、连字符、下划线或点")


def test_two_accounts_never_share_the_variables_of_their_credentials() -> None:
    faults = faults_of(with_wechat("wx-1", "wx2", "WX.1", "wx_1"))
    assert [(fault.row, fault.id, fault.field) for fault in faults] == [
        (3, "WX.1", "id"),
        (4, "wx_1", "id"),
    ]
    assert {fault.expected for fault in faults} == {
        "与第1行 wx-1 共用环境变量 XUNJIAN_WECHAT_APPID_WX_1，应改用其他编号"
    }


def test_only_accounts_with_credentials_lend_their_ids_to_variables() -> None:
    raw = with_wechat("wx-1", "wx_1", "发布")
    for row in raw["account"][1:]:
        row["source"] = "manual"
    assert len(validate(raw, "x")["account"]) == 3


def test_an_id_at_fault_already_is_told_once() -> None:
    assert [where(fault)[2:] for fault in faults_of(with_wechat("a b", "wx", "wx"))] == [
        ("a b", "id"),
        ("wx", "id"),
    ]


def test_a_bad_id_does_not_hide_the_other_faults_of_its_row() -> None:
    raw = raw_register()
    raw["column"][1].update(id="a b", exempt_until="soon")
    raw["account"][0].update(id=[1], url="")
    assert [where(fault) for fault in faults_of(raw)] == [
        ("column", 2, "a b", "id"),
        ("column", 2, "a b", "exempt_until"),
        ("account", 1, "[1]", "id"),
        ("account", 1, "[1]", "url"),
    ]


def test_two_thousand_faults_are_all_told_at_once() -> None:
    raw = raw_register()
    good = raw["column"][0]
    raw["column"] = [{**good, "id": f"c{n}", "class": f"wrong{n}"} for n in range(1, 2001)]
    with pytest.raises(InventoryError) as refused:
        validate(raw, "大.toml")
    head, *lines = str(refused.value).splitlines()
    assert head == "大.toml：登记册有 2000 处错误，未载入，原有登记册保持不变。"
    assert [line.partition("，")[0] for line in lines] == [
        f"[[column]] 第{n}行 id=c{n} 字段 class：'wrong{n}'" for n in range(1, 2001)
    ]


def test_a_toml_file_with_a_syntax_error_names_the_line() -> None:
    with pytest.raises(InventoryError, match=r"不是合法的 TOML 文件：.*line 3") as refused:
        read_toml('[[unit]]\nid = "a"\nname = 市政府\n[[site]]\n', "inventory.toml")
    assert str(refused.value).startswith("inventory.toml：登记册有 1 处错误")


@pytest.mark.parametrize("text", ["x = " + "1" * 5000, "x = " + "[" * 20_000, "a = 1\na = 2", "\0"])
def test_no_toml_file_is_more_than_a_faulty_one(text: str) -> None:
    with pytest.raises(InventoryError, match="不是合法的 TOML 文件"):
        read_toml(text, "inventory.toml")


def test_a_toml_file_gives_what_it_says() -> None:
    text = """
        [[unit]]
        id = "u"
        name = "局"
        [[site]]
        id = "s"
        name = "站"
        home = "https://a.cn/"
        unit = "u"
        [[column]]
        id = "c"
        site = "s"
        name = "栏"
        url = "https://a.cn/c"
        class = "news"
        unit = "u"
        exempt_until = 2026-11-20
        exempt_reason = "改版"
    """
    found = read_toml(text, "x")
    assert found["column"][0]["exempt_until"] == date(2026, 11, 20)
    assert [len(found[table.name]) for table in TABLES] == [1, 1, 1, 0, 0]


def test_a_mailbox_needs_an_address_unless_its_letters_come_from_the_back_end() -> None:
    raw = raw_register()
    raw["mailbox"][0]["url"] = ""
    assert where(only_fault(raw)) == ("mailbox", 1, raw["mailbox"][0]["id"], "url")
    raw["mailbox"][0]["source"] = "export"
    assert validate(raw, "x")["mailbox"][0]["url"] is None


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_a_closed_account_has_a_day_of_closing(status: str) -> None:
    raw = raw_register()
    raw["account"][0] |= {"status": status, "closed_on": None}
    assert where(only_fault(raw)) == ("account", 1, raw["account"][0]["id"], "closed_on")
    raw["account"][0]["closed_on"] = "2026-06-30"
    assert validate(raw, "x")["account"][0]["status"] == status


def test_an_account_filed_as_open_has_no_day_of_closing() -> None:
    raw = raw_register()
    raw["account"][0] |= {"status": "open", "closed_on": "2026-06-30"}
    assert where(only_fault(raw)) == ("account", 1, raw["account"][0]["id"], "status")


def test_limits_by_category_are_read_from_a_list_or_one_cell() -> None:
    raw = raw_register()
    for written in (
        ["咨询=3 working days", "疑难 = 10 working days"],
        "咨询=3 working days；疑难=10 working days",
    ):
        raw["mailbox"][0]["categories"] = written
        limits = validate(raw, "x")["mailbox"][0]["categories"]
        assert limits == ["咨询=3 working days", "疑难=10 working days"]


@pytest.mark.parametrize("written", ["咨询", "=3 days", "咨询=soon", "咨询=3 days；咨询=4 days"])
def test_a_limit_without_its_category_or_twice_is_a_fault(written: str) -> None:
    raw = raw_register()
    raw["mailbox"][0]["categories"] = written
    assert where(only_fault(raw)) == ("mailbox", 1, raw["mailbox"][0]["id"], "categories")


def test_a_row_without_an_id_is_named_by_its_line_and_makes_no_other_row_faulty() -> None:
    raw = raw_register()
    del raw["account"][0]["id"], raw["column"][0]["id"]
    raw["account"][0] |= {"status": "open", "closed_on": date(2026, 1, 1)}
    raw["column"][0]["redirect_to"] = raw["column"][1]["id"]
    fields = [("column", 1, "", "id"), ("account", 1, "", "id"), ("account", 1, "", "status")]
    assert [where(fault) for fault in faults_of(raw)] == fields
