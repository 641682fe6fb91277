"""Whether somebody can come in to the pages, and whether their passwords travel in the open."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.doctor import Check
from app.doctor.pages import pages
from app.settings import Settings, WebSection
from app.web.rights import Role
from storage.clock import now
from storage.ledger import Ledger
from tests.storage.make import open_ledger

pytestmark = pytest.mark.usefixtures("database")


def told(ledger: Ledger, **web: object) -> list[Check]:
    return list(pages(Settings(web=WebSection.model_validate(web)), ledger))


def test_who_may_come_in_is_told(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path)
    (nobody,) = told(ledger)
    assert (nobody.ok, nobody.note.partition("：")[0]) == (True, "尚未开通人员，无人可以登录")
    ledger.add_person("wang", "示例甲", Role.CLERK, None, "", now())
    (locked,) = told(ledger)
    assert (locked.ok, locked.note[:10]) == (False, "没有使用中的运维人员")
    ledger.add_person("li", "示例乙", Role.OPERATOR, None, "", now())
    assert [each.note for each in told(ledger)] == ["已开通 2 人，其中运维人员 1 人"]
    ledger.close()


@pytest.mark.parametrize(
    ("web", "open_to_all"),
    [
        ({}, False),
        ({"host": "localhost"}, False),
        ({"host": "::1"}, False),
        ({"host": "0.0.0.0"}, True),  # noqa: S104 - it is what must be told
        ({"host": "10.1.2.3"}, True),
        ({"host": "xunjian.example.gov.cn"}, True),
        ({"host": "10.1.2.3", "trusted_proxies": ["10.1.2.4"]}, False),
    ],
)
def test_pages_that_are_served_without_a_front_are_told(
    tmp_path: Path, web: dict[str, object], open_to_all: bool
) -> None:
    ledger = open_ledger(tmp_path)
    found = [each.ok for each in told(ledger, **web) if each.name == "网页地址"]
    assert found == [False] * open_to_all
    ledger.close()
