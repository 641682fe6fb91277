"""Commands that only show: how things stand, and why."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.commands.base import (
    AsOf,
    FormatOption,
    UnitOption,
    day_of,
    home,
    opened,
    say,
    say_projected,
)
from app.show import Format, console, json_text, print_json, print_table, show, visible


def show_day(form: Format, as_of: datetime | None, make: Any) -> None:
    """Judge a day and show the sheet that `make` builds of it and the ledger."""
    from app.day import judge_day

    with opened() as (home, settings, ledger):
        day = judge_day(home, settings, ledger, day_of(as_of))
        say_projected(day)
        show(make(day, ledger), form)


def status(
    form: FormatOption = Format.TABLE,
    as_of: AsOf = None,
    unit: UnitOption = None,
) -> None:
    """各栏目、信箱、账号、网站的判定结果。"""
    from app.views import status_sheet

    show_day(form, as_of, lambda day, _: status_sheet(day, unit))


def letters(
    form: FormatOption = Format.TABLE,
    as_of: AsOf = None,
    unit: UnitOption = None,
) -> None:
    """来信及其答复期限。"""
    from app.views import letters_sheet

    show_day(form, as_of, lambda day, _: letters_sheet(day, unit))


def items(
    form: FormatOption = Format.TABLE,
    as_of: AsOf = None,
    unit: UnitOption = None,
) -> None:
    """见到的信息条目，最新在前。"""
    from app.views import items_of, items_sheet

    show_day(form, as_of, lambda day, ledger: items_sheet(items_of(day, ledger, unit)))


def scores(
    site: Annotated[str | None, typer.Option("--site", help="只看一个网站（编号）。")] = None,
    as_of: AsOf = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """各网站、账号距单项否决多远；门户网站的计分。"""
    from app.day import judge_day
    from app.scores import NONE_COUNTS, chosen_places, show_scores
    from app.settings import SettingsError
    from checks.watch import counting

    with opened() as (place, settings, ledger):
        day = judge_day(place, settings, ledger, day_of(as_of))
        findings = ledger.findings(day.cutoff)
    say_projected(day)
    if site is not None and f"site:{site}" not in day.subjects:
        raise SettingsError(f"登记册中没有编号为 {site} 的网站")
    if not counting(day.law, day.bench.moment.as_of):
        say(NONE_COUNTS)
    show_scores(day, chosen_places(day, findings, site), form, every=site is not None)


def explain(subject_id: str, as_of: AsOf = None, form: FormatOption = Format.TABLE) -> None:
    """说明一个对象的判定由来：查看、条目、各处日期、指标、计算、证据。"""
    from app.asked import ask
    from app.day import judge_day
    from app.explain import explain as tell
    from app.explain import explain_json

    if form is Format.CSV:
        raise typer.BadParameter("应为 table 或 json", param_hint="--format")
    with opened() as (place, settings, ledger):
        day = judge_day(place, settings, ledger, day_of(as_of))
        asked = ask(day, ledger, subject_id)
    told = (day, asked.subject, asked.history, asked.findings, asked.again)
    if form is Format.JSON:
        print_json(explain_json(*told))
        return
    console().print(tell(*told), markup=False, soft_wrap=True)


def read(
    file: Annotated[Path | None, typer.Argument(help="保存的页面。")] = None,
    kind: Annotated[str, typer.Option("--as", help="list|article|letters|feed")] = "list",
    url: Annotated[str, typer.Option("--url", help="页面网址，用于补全相对链接。")] = "",
    today: Annotated[
        datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="视为今天的日期。")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="json 或 table，清单用 jsonl。")] = "json",
    manifest: Annotated[Path | None, typer.Option("--manifest", help="JSONL 清单。")] = None,
    selectors: Annotated[
        str | None, typer.Option("--selectors", help="列表选择器，写法同登记册。")
    ] = None,
) -> None:
    """用读取器读一个保存的页面，不用数据库；列出见到的全部日期。"""
    from app.reading import read_file, read_manifest, reading_sheet, summary_line
    from checks.freshness import local_day
    from storage.clock import now

    day = day_of(today) or local_day(now())
    if (file is None) == (manifest is None):
        raise typer.BadParameter("请给出一个页面文件，或用 --manifest 给出清单")
    if form not in ("json", "jsonl", "table") or (form == "table" and manifest is not None):
        raise typer.BadParameter(
            f"{form!r}，应为 json 或 table，清单用 jsonl", param_hint="--format"
        )
    if manifest is not None:
        for line in read_manifest(manifest, day):
            sys.stdout.write(json_text(line) + "\n")
    elif file is not None:
        answer = read_file(file, kind, url, day, selectors)
        if form == "table":
            console().print(visible(summary_line(answer)), markup=False)
            print_table(reading_sheet(answer))
        else:
            print_json(answer)


def rules_list(form: FormatOption = Format.TABLE) -> None:
    """列出所采用指标集的时限、义务和计数指标。"""
    from app.rule_views import rules_sheet

    place = home()
    show(rules_sheet(place.law(place.settings()).packs), form)


def rules_show(
    name: Annotated[str, typer.Argument(help="指标编号，或指标集的名称。")],
    form: FormatOption = Format.TABLE,
) -> None:
    """显示一项指标的全部字段，或一个指标集的全部表格。"""
    from app.rule_views import field_lines, named_rows, pack_document, pack_sheets
    from app.settings import SettingsError

    place = home()
    packs = place.law(place.settings()).packs
    pack = next((pack for pack in packs if pack.name == name), None)
    if pack is not None:
        if form is Format.JSON:
            print_json(pack_document(pack))
            return
        for title, sheet in pack_sheets(pack):
            console().print(title, markup=False)
            print_table(sheet)
        return
    found = named_rows(packs, name)
    if not any(found.values()):
        raise SettingsError(f"没有编号为 {name} 的指标。可用 xunjian rules list 查看。")
    if form is Format.JSON:
        print_json(found)
        return
    for row in (row for rows in found.values() for row in rows):
        for line in field_lines(row):
            console().print(visible(line), markup=False, soft_wrap=True)
        console().print()
