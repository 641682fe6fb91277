"""A made register of a wanted size: how would this machine bear it?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.base import opened, say
from app.show import console, printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from app.simulate.load import Filled


def simulate(
    like: Annotated[
        str,
        typer.Option("--like", help="规模：county 一县十年；province 一省一年。各项可另行指定。"),
    ] = "county",
    units: Annotated[int | None, typer.Option("--units", min=1, help="单位数。")] = None,
    sites: Annotated[int | None, typer.Option("--sites", min=1, help="网站数。")] = None,
    columns: Annotated[int | None, typer.Option("--columns", min=1, help="栏目数。")] = None,
    accounts: Annotated[int | None, typer.Option("--accounts", min=0, help="账号数。")] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, help="天数，至昨日止。")] = None,
    seed: Annotated[int | None, typer.Option("--seed", help="换一个数，得另一套数据。")] = None,
) -> None:
    """用模拟数据填满一个空库并测量常用查询，供选购机器时参考；不访问网络，不得用于正式数据目录。"""
    from app.law import remember_law
    from app.simulate.load import fill
    from app.simulate.questions import asked, questions
    from app.simulate.size import LIKE as SIZES
    from checks.freshness import local_day
    from storage.clock import now

    if like not in SIZES:
        raise typer.BadParameter(f"{like!r}，应为 {'|'.join(SIZES)} 之一", param_hint="--like")
    base = SIZES[like]
    size = replace(
        base,
        units=units or base.units,
        sites=sites or base.sites,
        columns=columns or base.columns,
        accounts=base.accounts if accounts is None else accounts,
        days=days or base.days,
        seed=base.seed if seed is None else seed,
    )
    with opened() as (place, settings, ledger):
        done = fill(ledger, size, local_day(now()) - timedelta(days=1), say)
        remember_law(place, settings, ledger)
        _tell(_sums(done))
        for each in asked(questions(place, settings, ledger)):
            _tell([f"{each.words}：{each.ms:,.0f} 毫秒（本进程处理器 {each.cpu_ms:,.0f}）"])
    say("以上均为模拟数据：没有证据文件，evidence verify 会逐条指出；请勿用于正式工作。")


def _sums(done: Filled) -> Iterator[str]:
    rows = sum(done.rows.values())
    yield from (f"{name:<12} {count:>12,} 行" for name, count in done.rows.items())
    yield (
        f"合计 {rows:,} 行，数据库 {done.bytes / 2**20:,.0f} MiB，"
        f"用时 {done.seconds:,.1f} 秒，每秒 {rows / done.seconds:,.0f} 行"
    )


def _tell(lines: Iterable[str]) -> None:
    for line in lines:
        console().print(printed(line), markup=False)
