"""What the operator must see to before columns can be opened in a browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.doctor import Check, examine
from app.settings import Home
from storage.clock import now
from storage.inventory import validate

REGISTER = {
    "unit": [{"id": "u", "name": "政府办"}],
    "site": [{"id": "s", "name": "门户", "home": "https://www.example.gov.cn/", "unit": "u"}],
    "column": [
        {
            "id": "news",
            "site": "s",
            "name": "政务动态",
            "url": "https://www.example.gov.cn/news/",
            "class": "news",
            "unit": "u",
        }
    ],
}


def browser_checks(folder: Path, chromium: Path, render: bool) -> list[Check]:
    folder.joinpath("settings.toml").write_text(f'[crawl]\nchromium = "{chromium}"\n')
    home = Home(folder)
    ledger = home.open_ledger()
    column = {**REGISTER["column"][0], "render": render}
    ledger.load_inventory(validate({**REGISTER, "column": [column]}, "x"), now())
    ledger.close()
    return [check for check in examine(home) if check.name == "浏览器"]


@pytest.mark.parametrize("there", [True, False])
def test_a_missing_browser_is_told_when_a_column_needs_one(tmp_path: Path, there: bool) -> None:
    chromium = tmp_path / "browser"
    if there:
        chromium.touch(0o755)
    (check,) = browser_checks(tmp_path, chromium, render=True)
    assert (check.ok, check.fatal) == (there, False)
    assert check.note.startswith("1 个栏目须用浏览器打开")
    assert ("不存在或不可执行" in check.note) is not there


def test_no_browser_is_asked_for_when_no_column_needs_one(tmp_path: Path) -> None:
    assert browser_checks(tmp_path, tmp_path / "browser", render=False) == []
