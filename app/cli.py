"""The command line: `xunjian …`. Results on stdout, everything else on stderr.

Exit codes: 0 done; 2 usage or configuration; 3 the run saw nothing at all; 4 a fault of ours.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.show import Format, console, print_json, show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.day import Day
    from app.settings import Home, Settings
    from storage.ledger import Ledger

DONE, CONFIGURATION, SAW_NOTHING, OUR_FAULT = 0, 2, 3, 4

app = typer.Typer(
    name="xunjian",
    help="巡检：政府网站与政务新媒体更新情况监测。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
inventory_app = typer.Typer(help="登记册：校验、载入、与 Excel 互换。", no_args_is_help=True)
rules_app = typer.Typer(help="指标集。", no_args_is_help=True)
report_app = typer.Typer(help="报告。", no_args_is_help=True)
evidence_app = typer.Typer(help="证据。", no_args_is_help=True)
db_app = typer.Typer(help="数据库。", no_args_is_help=True)
app.add_typer(inventory_app, name="inventory")
app.add_typer(rules_app, name="rules")
app.add_typer(report_app, name="report")
app.add_typer(evidence_app, name="evidence")
app.add_typer(db_app, name="db")


class Given:
    """The `--home` of this call."""

    home: Path | None = None


FormatOption = Annotated[Format, typer.Option("--format", help="输出形式。")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], help="判定日，默认今天。")
]
UnitOption = Annotated[str | None, typer.Option("--unit", help="只看一个单位（编号）。")]


@app.callback()
def _root(
    home: Annotated[
        Path | None,
        typer.Option(
            "--home", help="数据目录；可写在命令之后。默认 $XUNJIAN_HOME，再默认 ./xunjian-home。"
        ),
    ] = None,
) -> None:
    Given.home = home


def home_first(arguments: list[str]) -> list[str]:
    """The same call with `--home DIR` in front, where it belongs to every command."""
    for place, word in enumerate(arguments):
        if word == "--":
            break
        if word == "--home":
            return [*arguments[place : place + 2], *arguments[:place], *arguments[place + 2 :]]
        if word.startswith("--home="):
            return [word, *arguments[:place], *arguments[place + 1 :]]
    return arguments


def _home() -> Home:
    from app.settings import Home

    return Home.at(Given.home)


@contextmanager
def _opened() -> Iterator[tuple[Home, Settings, Ledger]]:
    home = _home()
    settings = home.settings()
    ledger = home.open_ledger()
    try:
        yield home, settings, ledger
    finally:
        ledger.close()


def _day_of(as_of: datetime | None) -> date | None:
    return as_of.date() if as_of else None


def _say(text: str) -> None:
    console(stderr=True).print(text, markup=False)


@app.command()
def init() -> None:
    """建立数据目录，写入带说明的 settings.toml 与 inventory.toml（已有的不覆盖）。"""
    from app.starter import create

    for path in create(_home().folder):
        _say(f"已写入 {path}")
    _home().open_ledger().close()
    _say(f"数据目录已就绪：{_home().folder}。下一步：填写 inventory.toml 后运行 xunjian cycle。")


@app.command()
def demo() -> None:
    """启动内置的演示门户（仅本机），运行一轮并与预设逐项核对；默认目录 ./demo-home。"""
    from app.demo.run import run_demo

    raise typer.Exit(run_demo(Given.home or Path("demo-home")))


@inventory_app.command("validate")
def inventory_validate(
    file: Annotated[Path | None, typer.Argument(help="默认为数据目录中的 inventory.toml。")] = None,
) -> None:
    """校验登记册，一次列出全部错误；不改动已载入的登记册。"""
    inventory = _read_inventory(file or _home().path("inventory.toml"))
    _say("登记册无误：" + _counts(inventory))


@inventory_app.command("load")
def inventory_load(
    file: Annotated[Path | None, typer.Argument(help="默认为数据目录中的 inventory.toml。")] = None,
) -> None:
    """载入 inventory.toml；历史从不删除，变更自此刻起生效。"""
    _load(file or _home().path("inventory.toml"))


@inventory_app.command("import-xlsx")
def inventory_import(file: Path) -> None:
    """载入 Excel 登记册。"""
    _load(file)


@inventory_app.command("export-xlsx")
def inventory_export(file: Path) -> None:
    """把现行登记册导出为 Excel。"""
    from storage.register import write_xlsx

    with _opened() as (_, _, ledger):
        write_xlsx(ledger.inventory(), file)
    _say(f"已导出 {file}")


def _read_inventory(path: Path) -> Any:
    from storage.inventory import InventoryError, read_toml
    from storage.register import read_xlsx

    if not path.is_file():
        raise InventoryError((), str(path), "文件不存在")
    if path.suffix.lower() == ".xlsx":
        return read_xlsx(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InventoryError((), str(path), f"不是 UTF-8 编码：{error}") from error
    return read_toml(text, str(path))


def _load(path: Path) -> None:
    from storage.clock import now

    inventory = _read_inventory(path)
    with _opened() as (_, _, ledger):
        counts = ledger.load_inventory(inventory, now())
    _say(
        f"已载入 {path}：{_counts(inventory)}。新增 {counts.added}，变更 {counts.changed}，"
        f"停用 {counts.ended}，未变 {counts.same}。"
    )


def _counts(inventory: Any) -> str:
    names = {"unit": "单位", "site": "网站", "column": "栏目", "mailbox": "信箱", "account": "账号"}
    return "，".join(f"{word} {len(inventory[name])}" for name, word in names.items())


@app.command()
def crawl(
    site: Annotated[str | None, typer.Option("--site", help="只看一个网站（编号）。")] = None,
    only: Annotated[
        str | None,
        typer.Option("--only", help="只看一类：columns|mailboxes|accounts|sites。"),
    ] = None,
) -> None:
    """查看登记册中的对象，记录所见；不判定，不发信。"""
    from app.cycle import crawl_now, load_first_register
    from app.progress import progress

    kinds = {"columns": "column", "mailboxes": "mailbox", "accounts": "account", "sites": "site"}
    if only is not None and only not in kinds:
        raise typer.BadParameter(f"{only!r}，应为 {'|'.join(kinds)} 之一", param_hint="--only")
    with _opened() as (opened, settings, ledger), _portal(opened):
        load_first_register(opened, ledger)
        with progress(ledger) as on_visit:
            report = crawl_now(settings, ledger, site, kinds.get(only or ""), on_visit)
    _nothing_planned(report.planned)
    _say(f"查看 {report.planned} 项：见到 {report.seen} 项，未能查看 {report.unseen} 项。")
    if report.saw_nothing:
        _say("本次什么也没有看到：请检查本机网络、防火墙白名单和页面地址。没有据此作任何判定。")
        raise typer.Exit(SAW_NOTHING)


def _nothing_planned(planned: int) -> None:
    if planned == 0:
        from app.settings import SettingsError

        raise SettingsError(
            "没有可查看的对象：登记册为空，或所选范围内没有登记。"
            "请先用 xunjian inventory load 载入登记册。"
        )


@contextmanager
def _portal(home: Home) -> Iterator[None]:
    """A demo home brings its own portal along; any other home has nothing to start."""
    from app.demo.run import portal_of

    with portal_of(home.folder):
        yield


@app.command()
def check(as_of: AsOf = None, form: FormatOption = Format.TABLE) -> None:
    """按指标判定。判定今天时记录问题并生成提醒；判定其他日子只显示，不记录。"""
    from app.cycle import check_today, load_first_register
    from app.day import judge_day
    from app.views import status_sheet
    from checks.freshness import local_day
    from storage.clock import now

    with _opened() as (opened, settings, ledger):
        load_first_register(opened, ledger)
        wanted = _day_of(as_of)
        if wanted in (None, local_day(now())):
            day, queued = check_today(opened, settings, ledger)
            _say(f"已记录判定，新增待发邮件 {queued.mails} 封。")
            for line in queued.unaddressed:
                _say(line)
        else:
            day = judge_day(opened, settings, ledger, wanted)
            _say_projected(day)
    show(status_sheet(day), form)


def _say_projected(day: Day) -> None:
    if day.bench.moment.projected:
        _say(f"{day.bench.moment.as_of} 尚未到来：以下为推算，假定此后没有新内容，不作记录。")


@app.command()
def cycle() -> None:
    """完整运行一轮：查看、判定、发信。"""
    from app.cycle import run_cycle
    from app.progress import progress

    with _opened() as (opened, settings, ledger), _portal(opened):
        with progress(ledger) as on_visit:
            report = run_cycle(opened, settings, ledger, on_visit)
        _nothing_planned(report.crawl.planned)
    from app.summary import cycle_summary

    for line in cycle_summary(report, opened):
        _say(line)
    if report.crawl.saw_nothing:
        raise typer.Exit(SAW_NOTHING)


def _show_day(form: Format, as_of: datetime | None, make: Any) -> None:
    from app.day import judge_day

    with _opened() as (home, settings, ledger):
        day = judge_day(home, settings, ledger, _day_of(as_of))
        _say_projected(day)
        show(make(day, ledger), form)


@app.command()
def status(
    form: FormatOption = Format.TABLE,
    as_of: AsOf = None,
    unit: UnitOption = None,
) -> None:
    """各栏目、信箱、账号、网站的判定结果。"""
    from app.views import status_sheet

    _show_day(form, as_of, lambda day, _: status_sheet(day, unit))


@app.command()
def findings(
    form: FormatOption = Format.TABLE,
    as_of: AsOf = None,
    unit: UnitOption = None,
) -> None:
    """已发现的问题及其经过。"""
    from app.views import findings_sheet

    _show_day(
        form, as_of, lambda day, ledger: findings_sheet(day, ledger.findings(day.cutoff), unit)
    )


@app.command()
def letters(
    form: FormatOption = Format.TABLE,
    as_of: AsOf = None,
    unit: UnitOption = None,
) -> None:
    """来信及其答复期限。"""
    from app.views import letters_sheet

    _show_day(form, as_of, lambda day, _: letters_sheet(day, unit))


@app.command()
def items(
    form: FormatOption = Format.TABLE,
    as_of: AsOf = None,
    unit: UnitOption = None,
) -> None:
    """见到的信息条目，最新在前。"""
    from app.views import items_sheet

    def make(day: Day, ledger: Ledger) -> Any:
        keys = {s.key for s in day.subjects.values() if unit in (None, s.unit)}
        return items_sheet([seen for seen in ledger.items(at=day.cutoff) if seen.subject in keys])

    _show_day(form, as_of, make)


@app.command()
def explain(subject_id: str, as_of: AsOf = None) -> None:
    """说明一个对象的判定由来：查看、条目、日期、指标、计算、证据。"""
    from app.day import judge_day
    from app.explain import explain as tell
    from app.explain import find_subject
    from checks.facts import History

    with _opened() as (opened, settings, ledger):
        day = judge_day(opened, settings, ledger, _day_of(as_of))
        subject = find_subject(day, subject_id)
        history = ledger.histories([subject.key], day.cutoff).get(subject.key, History())
        known = [f for f in ledger.findings(day.cutoff) if f.key.subject == subject.key]
        console().print(tell(day, subject, history, known), markup=False, soft_wrap=True)


@app.command()
def read(
    file: Annotated[Path | None, typer.Argument(help="保存的页面。")] = None,
    kind: Annotated[str, typer.Option("--as", help="list|article|letters|feed")] = "list",
    url: Annotated[str, typer.Option("--url", help="页面网址，用于补全相对链接。")] = "",
    today: Annotated[
        datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="视为今天的日期。")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="json，清单用 jsonl。")] = "json",
    manifest: Annotated[Path | None, typer.Option("--manifest", help="JSONL 清单。")] = None,
) -> None:
    """用读取器读一个保存的页面，不用数据库。"""
    from app.reading import read_file, read_manifest
    from checks.freshness import local_day
    from storage.clock import now

    day = _day_of(today) or local_day(now())
    if (file is None) == (manifest is None):
        raise typer.BadParameter("请给出一个页面文件，或用 --manifest 给出清单")
    if form not in ("json", "jsonl"):
        raise typer.BadParameter(f"{form!r}，应为 json 或 jsonl", param_hint="--format")
    if manifest is not None:
        for line in read_manifest(manifest, day):
            sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
    elif file is not None:
        print_json(read_file(file, kind, url, day))


@report_app.command("weekly")
def report_weekly(
    period: Annotated[str | None, typer.Option("--period", help="ISO 周，如 2026W47。")] = None,
    out: Annotated[Path | None, typer.Option("--out", help="输出目录。")] = None,
) -> None:
    """网站与新媒体合规周报：docx、xlsx、html。"""
    from app.weekly import make_weekly

    with _opened() as (opened, settings, ledger):
        for path in make_weekly(opened, settings, ledger, period, out).paths:
            sys.stdout.write(f"{path}\n")


@app.command()
def deliver(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只列出，不发送。")] = False,
) -> None:
    """发送待发的邮件；未设邮件服务器时写成 .eml 文件。"""
    from app.cycle import deliver_now
    from app.summary import delivery_lines, pending_lines

    with _opened() as (opened, settings, ledger):
        if dry_run:
            lines = pending_lines(ledger)
        else:
            lines = delivery_lines(deliver_now(opened, settings, ledger, force=True), opened)
    for line in lines:
        _say(line)


@rules_app.command("list")
def rules_list(form: FormatOption = Format.TABLE) -> None:
    """列出载入的指标。"""
    from app.views import rules_sheet

    opened = _home()
    show(rules_sheet(opened.law(opened.settings())), form)


@rules_app.command("show")
def rules_show(rule: str, form: FormatOption = Format.TABLE) -> None:
    """显示一项指标的全部字段。"""
    from app.settings import SettingsError
    from app.views import rules_sheet

    opened = _home()
    rows = [
        row
        for row in rules_sheet(opened.law(opened.settings())).rows
        if rule in (row["id"], f"{row['pack']}/{row['id']}")
    ]
    if not rows:
        raise SettingsError(f"没有编号为 {rule} 的指标。可用 xunjian rules list 查看。")
    if form is Format.JSON:
        print_json({"rules": rows})
        return
    for row in rows:
        for name, value in row.items():
            console().print(f"{name}: {value}", markup=False)


@app.command()
def serve() -> None:
    """按计划每日运行，每周一生成周报；前台运行，Ctrl-C 结束。"""
    from app.schedule import serve_forever

    opened = _home()
    opened.open_ledger().close()
    serve_forever(opened, opened.settings())


@app.command()
def doctor(form: FormatOption = Format.TABLE) -> None:
    """检查安装、设置、数据库、日历、投递和长期未能查看的对象。"""
    from app.doctor import examine

    checks = examine(_home())
    if form is Format.JSON:
        print_json({"checks": [{"name": c.name, "ok": c.ok, "note": c.note} for c in checks]})
    else:
        for item in checks:
            mark = "正常" if item.ok else "注意"
            console().print(f"[{mark}] {item.name}：{item.note}", markup=False)
    if any(item.fatal for item in checks):
        raise typer.Exit(CONFIGURATION)


@evidence_app.command("verify")
def evidence_verify() -> None:
    """沿哈希链核对全部证据。"""
    with _opened() as (_, _, ledger):
        faults = 0
        for fault in ledger.evidence.check(iter(ledger.evidence_links())):
            faults += 1
            _say(fault)
    if faults:
        _say(f"共 {faults} 处不符。")
        raise typer.Exit(OUR_FAULT)
    _say("全部证据与登记的哈希链相符。")


@db_app.command("upgrade")
def db_upgrade() -> None:
    """把数据库升级到本版本的结构（其他命令也会自动进行）。"""
    with _opened() as (opened, _, _):
        _say(f"数据库结构已是最新：{opened.folder}")


@db_app.command("backup")
def db_backup(file: Path) -> None:
    """在线备份 SQLite 数据库；可在运行中进行。"""
    from storage.backup import backup

    with _opened() as (_, _, ledger):
        backup(ledger.engine, file)
    _say(f"已备份到 {file}（证据目录 evidence/ 请另行复制）。")


@db_app.command("restore")
def db_restore(file: Path) -> None:
    """用备份恢复 SQLite 数据库；原库先另存为 .before-restore。"""
    from storage.backup import restore

    with _opened() as (_, _, ledger):
        saved = restore(ledger.engine, file)
    _say(f"已从 {file} 恢复；恢复前的数据库另存为 {saved}。")


def main() -> None:
    """Run a command; turn every failure into one clear message and the contract's exit code."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s"
    )
    sys.exit(_run())


def _run() -> int:
    try:
        app(args=home_first(sys.argv[1:]))
    except SystemExit as done:
        return int(done.code or 0)
    except KeyboardInterrupt:
        _say("已中断；已看到的结果均已保存。")
        return OUR_FAULT
    except Exception as error:  # noqa: BLE001 - the last resort: told in words or shown whole
        return _told(error)
    return DONE


def _told(error: Exception) -> int:
    """Say what went wrong; the types are looked up only now, so that commands start fast."""
    from app.explain import SubjectNotFoundError
    from app.settings import SettingsError
    from checks.rules import RuleError
    from crawler.run import CrawlError
    from notify.weekly import ReportError
    from storage.database import DatabaseError
    from storage.inventory import InventoryError

    if isinstance(error, SettingsError | InventoryError | RuleError | SubjectNotFoundError):
        _say(str(error))
        return CONFIGURATION
    if isinstance(error, DatabaseError | CrawlError | ReportError | OSError):
        _say(f"运行失败：{error}")
        return OUR_FAULT
    _say("程序内部错误，请把以下内容报告给维护者：")
    _say("".join(traceback.format_exception(error)))
    return OUR_FAULT
