"""Commands that do the work: set up, look, judge, send, serve."""

from __future__ import annotations

from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.base import (
    CONFIGURATION,
    OUR_FAULT,
    SAW_NOTHING,
    AsOf,
    FormatOption,
    Given,
    day_of,
    home,
    opened,
    say,
    say_projected,
)
from app.show import Format, console, print_json, show, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.home import Home
    from app.settings import Settings

ONE_WRITER = (
    "[log] file 只能由一个进程写入：分开运行时请将其留空，日志由 systemd（journalctl）保存。"
)


def init() -> None:
    """建立数据目录，写入带说明的 settings.toml 与 inventory.toml（已有的不覆盖）。"""
    from app.starter import create

    for path in create(home().folder):
        say(f"已写入 {path}")
    home().open_ledger().close()
    say(f"数据目录已就绪：{home().folder}。下一步：填写 inventory.toml 后运行 xunjian cycle。")


def demo() -> None:
    """启动内置的演示门户（仅本机），运行一轮并与预设逐项核对；默认目录 ./demo-home。"""
    from app.demo.run import run_demo

    raise typer.Exit(run_demo(Given.home or Path("demo-home")))


def crawl(
    site: Annotated[str | None, typer.Option("--site", help="只看一个网站（编号）。")] = None,
    only: Annotated[
        str | None,
        typer.Option("--only", help="只看一类：columns|mailboxes|accounts|sites。"),
    ] = None,
) -> None:
    """查看登记册中的对象，记录所见；不判定，不发信。"""
    from app.alone import alone
    from app.cycle import NOTHING_SEEN, crawl_now, load_first_register
    from app.progress import progress

    kinds = {"columns": "column", "mailboxes": "mailbox", "accounts": "account", "sites": "site"}
    if only is not None and only not in kinds:
        raise typer.BadParameter(f"{only!r}，应为 {'|'.join(kinds)} 之一", param_hint="--only")
    with opened() as (place, settings, ledger), portal(place), alone(ledger, "cycle"):
        load_first_register(place, ledger)
        with progress(ledger) as on_visit:
            report = crawl_now(place, settings, ledger, site, kinds.get(only or ""), on_visit)
    nothing_planned(report.planned)
    say(f"查看 {report.planned} 项：见到 {report.seen} 项，未能查看 {report.unseen} 项。")
    if report.saw_nothing:
        say(f"{NOTHING_SEEN}。没有据此作任何判定。")
        raise typer.Exit(SAW_NOTHING)


def nothing_planned(planned: int) -> None:
    if planned == 0:
        from app.cycle import NOTHING_PLANNED
        from app.settings import SettingsError

        raise SettingsError(NOTHING_PLANNED)


@contextmanager
def portal(home: Home) -> Iterator[None]:
    """A demo home brings its own portal along; any other home has nothing to start."""
    from app.demo.run import portal_of

    with portal_of(home.folder):
        yield


def check(as_of: AsOf = None, form: FormatOption = Format.TABLE) -> None:
    """按指标判定。判定今天时记录问题并生成提醒；判定其他日子只显示，不记录。"""
    from app.alone import alone
    from app.cycle import check_today, load_first_register
    from app.day import judge_day
    from app.views import status_sheet
    from checks.freshness import local_day
    from storage.clock import now

    with opened() as (place, settings, ledger):
        load_first_register(place, ledger)
        wanted = day_of(as_of)
        if wanted in (None, local_day(now())):
            with alone(ledger, "cycle"):
                _, queued = check_today(place, settings, ledger)
            day = judge_day(place, settings, ledger)
            say(f"已记录判定，新增待发邮件 {queued.mails} 封。")
            for line in queued.unaddressed:
                say(line)
        else:
            day = judge_day(place, settings, ledger, wanted)
            say_projected(day)
    show(status_sheet(day), form)


def cycle() -> None:
    """完整运行一轮：查看、判定、发信。"""
    from app.alone import alone
    from app.cycle import NOTHING_SEEN, run_cycle
    from app.progress import progress
    from app.service.kept import kept

    with (
        opened() as (place, settings, ledger),
        portal(place),
        alone(ledger, "cycle"),
        kept(ledger, "cycle") as run,
        progress(ledger) as on_visit,
    ):
        report = run_cycle(place, settings, ledger, on_visit)
        # An empty register is no success: nobody would hear that nothing is looked at.
        nothing_planned(report.crawl.planned)
        if report.crawl.saw_nothing:
            run.fault = NOTHING_SEEN
    from app.summary import cycle_summary

    for line in cycle_summary(report, place):
        say(line)
    if report.crawl.saw_nothing:
        raise typer.Exit(SAW_NOTHING)


def probe() -> None:
    """立即探测一轮：各网站首页能否打开；有变化时提醒办公室和运维人员。"""
    from app.alone import alone
    from app.probing import run_round
    from app.settings import SettingsError
    from app.summary import round_summary

    with opened() as (place, settings, ledger), portal(place), alone(ledger, "probe"):
        made = run_round(place, settings, ledger)
        if made is None:
            raise SettingsError(
                "现行指标集中没有网站可用性指标，未作探测。"
                '如需探测，请在 settings.toml 的 [rules] packs 中加入 "cn-2019"。'
            )
        lines = list(round_summary(made, place))
    for line in lines:
        say(line)
    nothing_planned(len(made.probes))
    if made.saw_nothing:
        raise typer.Exit(SAW_NOTHING)


def deliver(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出，不发送。")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="无法投递的消息也重新发送（内容和收件地址不变）。")
    ] = False,
    test: Annotated[
        bool, typer.Option("--test", help="向已设置的各个渠道各发一条测试消息，不动待发消息。")
    ] = False,
) -> None:
    """发送待发的邮件和群消息；未设邮件服务器时邮件写成 .eml 文件。"""
    from app.cycle import deliver_now
    from app.summary import delivery_lines, pending_lines
    from storage.clock import now

    if dry_run + again + test > 1:
        raise typer.BadParameter("--dry-run、--again、--test 只能用其中一个")
    if test:
        _deliver_test()
        return
    with opened() as (place, settings, ledger):
        if dry_run:
            lines = pending_lines(ledger)
        else:
            if again:
                say(f"无法投递的消息 {ledger.requeue_dead(now())} 条重新列入待发。")
            lines = delivery_lines(deliver_now(place, settings, ledger, force=True), place)
    for line in lines:
        say(line)


def _deliver_test() -> None:
    from app.trying import try_channels

    place = home()
    tried = try_channels(place.settings(), place.mail_password)
    if not tried:
        say("没有可用的渠道：请设置 [mail] host 和收件人，或群机器人的密钥（见 settings.toml）。")
        raise typer.Exit(CONFIGURATION)
    for each in tried:
        say(f"{each.channel}：{each.refused or '已接收'}")
    if any(each.refused for each in tried):
        raise typer.Exit(OUR_FAULT)


class Only(StrEnum):
    """Which half of the service a process is."""

    SCHEDULER = "scheduler"
    PAGES = "pages"


def serve(
    only: Annotated[
        Only | None,
        typer.Option(
            "--only",
            help="只运行一部分：scheduler 只按计划运行任务（一个），pages 只提供网页（可有几个）。",
        ),
    ] = None,
) -> None:
    """提供网页，并按 [schedule] 运行巡检、探测、发信、报告草稿、数据清理；Ctrl-C 结束。"""
    from app.logs import log_of_the_service
    from app.service.pages import serve_pages
    from app.service.scheduler import serve

    place = home()
    settings = place.settings()
    if only is not None:
        writes_no_file(settings)
    log_of_the_service(settings.log, place.folder)
    address = f"http://{settings.web.host}:{settings.web.port}"
    if only is Only.PAGES:
        say(f"只提供网页：{address}/，状态 {address}/healthz。Ctrl-C 结束。")
        serve_pages(place, settings)
    else:
        what = f"网页 {address}/，" if only is None else "不提供网页，"
        with portal(place):
            say(f"服务启动，按 [schedule] 运行；{what}状态 {address}/healthz。Ctrl-C 结束。")
            serve(place, settings, pages=only is None)
    say("服务已停止。")


def writes_no_file(settings: Settings) -> None:
    """For one process of several: two that turn one file over would lose what is in it."""
    if settings.log.file:
        from app.settings import SettingsError

        raise SettingsError(ONE_WRITER)


def doctor(
    form: FormatOption = Format.TABLE,
    offline: Annotated[
        bool, typer.Option("--offline", help="不登录邮件服务器，不访问网站；约快十秒。")
    ] = False,
) -> None:
    """检查设置、数据库、日历、本机、邮件登录、网站能否打开，以及长期未能查看的对象。"""
    from app.doctor import examine

    place = home()
    with portal(place):
        checks = examine(place, online=not offline)
    if form is Format.JSON:
        print_json({"checks": [{"name": c.name, "ok": c.ok, "note": c.note} for c in checks]})
    else:
        for item in checks:
            mark = "正常" if item.ok else "注意"
            console().print(visible(f"[{mark}] {item.name}：{item.note}"), markup=False)
    if any(item.fatal for item in checks):
        raise typer.Exit(CONFIGURATION)
