"""What all commands share: where the data lies, how results and messages are shown."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.show import Format, console, printed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.day import Day
    from app.home import Home
    from app.settings import Settings
    from storage.ledger import Ledger

DONE, CONFIGURATION, SAW_NOTHING, OUR_FAULT = 0, 2, 3, 4


class Given:
    """The `--home` of this call."""

    home: Path | None = None


FormatOption = Annotated[Format, typer.Option("--format", help="输出形式。")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="判定日，默认今天。")
]
UnitOption = Annotated[str | None, typer.Option("--unit", help="只看一个单位（编号）。")]


def home() -> Home:
    """The home directory of this call."""
    from app.home import Home

    return Home.at(Given.home)


@contextmanager
def opened() -> Iterator[tuple[Home, Settings, Ledger]]:
    """Home, settings and ledger of this call; the ledger is closed afterwards."""
    from app.logs import log_of_a_command

    place = home()
    settings = place.settings()
    log_of_a_command(settings.log)
    ledger = place.open_ledger()
    try:
        yield place, settings, ledger
    finally:
        ledger.close()


def day_of(as_of: datetime | None) -> date | None:
    return as_of.date() if as_of else None


def say(text: str) -> None:
    """Tell the caller something on stderr, word for word."""
    console(stderr=True).print(printed(text), markup=False)


def say_projected(day: Day) -> None:
    if day.bench.moment.projected:
        say(f"{day.bench.moment.as_of} 尚未到来：以下为推算，假定此后没有新内容，不作记录。")
