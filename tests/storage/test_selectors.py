"""Selectors of the register: one CSS selector, or parts by name, and which part is wrong."""

from __future__ import annotations

import pytest

from storage.inventory import InventoryError, validate
from storage.selectors import checked_selectors, selector_parts
from tests.storage.make import raw_register


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        (None, None),
        ("", None),
        ("ul.list", {"scope": "ul.list"}),
        ("a[href='x=1']", {"scope": "a[href='x=1']"}),
        ("row=ul > li", {"row": "ul > li"}),
        (
            "scope=#main;row = li ; date=span.rq;title=a;link=a",
            {"scope": "#main", "row": "li", "date": "span.rq", "title": "a", "link": "a"},
        ),
        ("row=li[title='a;b']; date=b", {"row": "li[title='a;b']", "date": "b"}),
        ("row=li\ndate=b", {"row": "li", "date": "b"}),
    ],
)
def test_a_cell_is_a_scope_or_parts_by_name(cell: str | None, parts: dict[str, str] | None) -> None:
    assert selector_parts(cell) == parts


def test_what_was_checked_reads_as_before() -> None:
    written = "row=li ;\n date = span.rq;"
    assert checked_selectors(written) == "row=li; date=span.rq"
    assert selector_parts(checked_selectors(written)) == selector_parts(written)


@pytest.mark.parametrize(
    ("cell", "part", "advice"),
    [
        ("li[", "所填内容“li[”", "请改正"),
        ("row=li; date=span[", "date 部分“span[”", "请改正"),
        ("rows=li", "没有名为“rows”的部分", "请改正"),
        ("row=li; span.rq", "没有名为“span.rq”的部分", "请改正"),
        ("row=li; row=tr", "row 部分写了不止一次", "只留一处"),
        ("date=span", "须同时写明 row", "请补上"),
    ],
)
def test_a_bad_selector_says_which_part_what_was_expected_and_what_to_do(
    cell: str, part: str, advice: str
) -> None:
    raw = raw_register()
    raw["column"][0]["selectors"] = cell
    with pytest.raises(InventoryError) as met:
        validate(raw, "登记册")
    (fault,) = met.value.faults
    assert (fault.table, fault.row, fault.field) == ("column", 1, "selectors")
    assert fault.expected.startswith("应为一个 CSS 选择器，或用分号隔开的“名称=选择器”")
    assert part in fault.expected
    assert advice in fault.expected
