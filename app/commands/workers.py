"""Commands of the workers: take a share of the crawl, and tell how their queue stands."""

from __future__ import annotations

from typing import Annotated

import typer

from app.commands.base import FormatOption, home, opened, say
from app.commands.running import writes_no_file
from app.show import Format, show


def worker(
    jobs: Annotated[
        int, typer.Option("--jobs", min=1, max=64, help="同时查看几批对象；每批是一个爬取进程。")
    ] = 2,
) -> None:
    """巡检进程：从任务队列取一批对象查看，直到被停止；可在多台机器上各运行若干个。"""
    from app.logs import log_of_the_service
    from app.workers.serving import work

    place = home()
    settings = place.settings()
    writes_no_file(settings)
    log_of_the_service(settings.log, place.folder)
    if not settings.workers.enabled:
        say("提示：settings.toml 中 [workers] enabled 未设为 true，计划服务不会分派任务。")
    work(place, jobs)


def workers(form: FormatOption = Format.TABLE) -> None:
    """任务队列：等待、正在查看和未能完成的批次，各巡检进程最近何时有消息。"""
    from app.workers.views import queue_sheet

    with opened() as (_, _, ledger):
        sheet = queue_sheet(ledger)
    show(sheet, form)
