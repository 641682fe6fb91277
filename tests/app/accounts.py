"""A home with three accounts in its register, and what tests of them share. All synthetic."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from sqlmodel import func, select
from typer.testing import CliRunner, Result

from app.cli import app
from app.home import Home
from checks.facts import History, Visit
from checks.freshness import local_day
from storage.clock import now
from storage.inventory import read_toml
from storage.ledger import Ledger
from storage.tables import Run, VisitRow
from tests.app.test_bad_input import SETTINGS, UNIT

ACCOUNTS = (
    ("wx", "wechat", "本市发布"),
    ("wb", "weibo", "本市发布"),
    ("文旅", "douyin", "示例文旅"),
)
INVENTORY = UNIT + "".join(
    f'[[account]]\nid = "{id_}"\nplatform = "{platform}"\nname = "{name}"\nunit = "zfb"\n'
    'source = "csv"\n'
    for id_, platform, name in ACCOUNTS
)


def ago(days: int) -> date:
    return local_day(now()) - timedelta(days)


def make_home(folder: Path) -> Home:
    folder.mkdir()
    folder.joinpath("settings.toml").write_text(SETTINGS, encoding="utf-8")
    home = Home(folder)
    ledger = home.open_ledger()
    ledger.load_inventory(read_toml(INVENTORY, "synthetic"), now())
    ledger.close()
    return home


def command(home: Home, *words: str) -> Result:
    """Run a command in this process; what goes wrong in words is tested from outside."""
    return CliRunner().invoke(app, ["--home", str(home.folder), *words])


def word(ledger: Ledger, account: str = "wx") -> Visit | None:
    key = f"account:{account}"
    return ledger.histories([key], now()).get(key, History()).word


def counts(ledger: Ledger) -> tuple[int, int, int]:
    """How many runs, visits and items there are."""
    with ledger.reading() as session:
        runs, visits = (
            session.exec(select(func.count()).select_from(table)).one() for table in (Run, VisitRow)
        )
    return runs, visits, len(ledger.items())


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(list(row))
    book.save(path)
    return path
