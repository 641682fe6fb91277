"""`xunjian account …`: what the accounts posted, and the yearly form's figures of them."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.base import AsOf, FormatOption, UnitOption, day_of, opened
from app.show import Format, show


def account_measures(
    period: Annotated[
        str | None,
        typer.Option("--period", help="如 2026、2026Q4、2026-11、2026W47；默认最近30天。"),
    ] = None,
    as_of: AsOf = None,
    unit: UnitOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """各账号的发布频次、最长间隔和评论回复；只计已见到的，未见到的注明。"""
    from app.measure_views import measures_sheet
    from app.measuring import measure_accounts

    with opened() as (_, _, ledger):
        show(measures_sheet(measure_accounts(ledger, period, day_of(as_of), unit)), form)


def account_yearly(
    year: Annotated[int, typer.Option("--year", help="年度，如 2026。")],
    as_of: AsOf = None,
    unit: UnitOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """政府网站工作年度报表“移动新媒体”部分的数据；未掌握的标“待填”。"""
    from app.measure_views import yearly_sheet
    from app.measuring import year_of_accounts

    with opened() as (_, _, ledger):
        show(yearly_sheet(year_of_accounts(ledger, year, day_of(as_of), unit)), form)
