"""The command line: `xunjian …`. Results on stdout, everything else on stderr.

Exit codes: 0 done; 2 usage or configuration; 3 the run saw nothing at all; 4 a fault of ours.
"""

from __future__ import annotations

import gc
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from app.commands import (
    accounts,
    assessment,
    discover,
    findings,
    hand,
    mailboxes,
    measures,
    new_reader,
    people,
    register,
    running,
    showing,
    simulate,
    upkeep,
    workers,
)
from app.commands.base import CONFIGURATION, DONE, OUR_FAULT, Given, say
from storage.logs import Logging, begin

app = typer.Typer(
    name="xunjian",
    help="巡检：政府网站与政务新媒体更新情况监测。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    running.init,
    running.demo,
    discover.discover,
    running.crawl,
    running.check,
    running.cycle,
    running.probe,
    showing.status,
    showing.letters,
    showing.items,
    showing.scores,
    assessment.assess,
    showing.explain,
    showing.read,
    running.deliver,
    running.serve,
    workers.worker,
    workers.workers,
    running.doctor,
    simulate.simulate,
):
    app.command()(command)
app.command("new-reader")(new_reader.new_reader)
GROUPS: dict[str, tuple[str, dict[str, Callable[..., None]]]] = {
    "inventory": (
        "登记册：校验、载入、与 Excel 互换。",
        {
            "validate": register.inventory_validate,
            "load": register.inventory_load,
            "import-xlsx": register.inventory_import,
            "export-xlsx": register.inventory_export,
        },
    ),
    "account": (
        "政务新媒体账号：导入后台导出的发布记录、人工登记，发布情况和年度报表数据。",
        {
            "import": accounts.account_import,
            "record": accounts.account_record,
            "measures": measures.account_measures,
            "yearly": measures.account_yearly,
        },
    ),
    "mailbox": (
        "信箱：导入后台或12345的来信，登记经批准的延期。",
        {"import": mailboxes.mailbox_import, "extend": mailboxes.mailbox_extend},
    ),
    "hand": (
        "人工核查：由人认定的问题、扣分和加分，均附证据。",
        {"record": hand.hand_record, "list": hand.hand_list, "withdraw": hand.hand_withdraw},
    ),
    "assessment": (
        "考核：录入、审核、审定、更正，加分和扣分事项。",
        {
            "enter": assessment.assessment_enter,
            "review": assessment.assessment_review,
            "approve": assessment.assessment_approve,
            "return": assessment.assessment_return,
            "correct": assessment.assessment_correct,
            "list": assessment.assessment_list,
            "verify": assessment.assessment_verify,
            "record": assessment.assessment_record,
            "withdraw": assessment.assessment_withdraw,
            "entries": assessment.assessment_entries,
        },
    ),
    "people": (
        "人员：谁可以登录页面，以什么角色；给程序的密钥。",
        {
            "add": people.people_add,
            "list": people.people_list,
            "password": people.people_password,
            "role": people.people_role,
            "end": people.people_end,
            "token": people.people_token,
        },
    ),
    "rules": ("指标集。", {"list": showing.rules_list, "show": showing.rules_show}),
    "report": (
        "报告。",
        {
            "weekly": upkeep.report_weekly,
            "quarterly": upkeep.report_quarterly,
            "halfyear": upkeep.report_halfyear,
            "annual": upkeep.report_annual,
        },
    ),
    "evidence": (
        "证据。",
        {
            "verify": upkeep.evidence_verify,
            "extract": upkeep.evidence_extract,
            "prune": upkeep.evidence_prune,
        },
    ),
    "db": (
        "数据库。",
        {
            "upgrade": upkeep.db_upgrade,
            "backup": upkeep.db_backup,
            "restore": upkeep.db_restore,
            "copy": upkeep.db_copy,
        },
    ),
}
FINDINGS: dict[str, Callable[..., None]] = {
    "show": findings.show,
    "confirm": findings.confirm,
    "dismiss": findings.dismiss,
    "notice": findings.notice,
    "report-back": findings.report_back,
    "recheck": findings.recheck,
    "urge": findings.urge,
    "close": findings.close,
    "waive": findings.waive,
    "appeal": findings.appeal,
}


def _group(inner: typer.Typer, group: str, members: dict[str, Callable[..., None]]) -> None:
    for name, member in members.items():
        inner.command(name)(member)
    app.add_typer(inner, name=group)


# A plain command as well as a group: without a step it lists the findings.
listing = typer.Typer(invoke_without_command=True, callback=findings.findings)
_group(listing, "findings", FINDINGS)
for group, (words, members) in GROUPS.items():
    _group(typer.Typer(help=words, no_args_is_help=True), group, members)


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


def collect_seldom() -> None:
    """Look for cycles among the values less often.

    A report holds some hundred thousand small values to its end; to look through them again and
    again for garbage takes a sixth of its time and finds none.
    """
    gc.set_threshold(200_000, 20, 20)


def main() -> None:
    """Run a command; turn every failure into one clear message and the contract's exit code."""
    begin(Logging())
    collect_seldom()
    sys.exit(_run())


def _run() -> int:
    try:
        app(args=home_first(sys.argv[1:]))
    except SystemExit as done:
        return int(done.code or 0)
    except KeyboardInterrupt:
        say("已中断；已看到的结果均已保存。")
        return OUR_FAULT
    except Exception as error:  # noqa: BLE001 - the last resort: told in words or shown whole
        return _told(error)
    return DONE


def _told(error: Exception) -> int:
    """Say what went wrong; the types are looked up only now, so that commands start fast."""
    from app.alone import BusyError
    from app.asked import SubjectNotFoundError
    from app.assessment_steps import AssessmentError
    from app.handling import HandlingError
    from app.hands import HandError
    from app.letters_import import MailboxError
    from app.service import ServiceError
    from app.settings import SettingsError
    from checks.rules import RuleError
    from crawler.children import CrawlError
    from notify.selfcheck import ReportError
    from storage.database import DatabaseError, NewerError
    from storage.inventory import InventoryError
    from storage.ledger import PersonError
    from storage.sheets import UploadError

    usage = (
        *(SettingsError, InventoryError, RuleError, SubjectNotFoundError, HandError),
        *(HandlingError, MailboxError, UploadError, AssessmentError, PersonError),
        NewerError,
    )
    if isinstance(error, usage):
        say(str(error))
        return CONFIGURATION
    if isinstance(error, BusyError):
        say(str(error))
        return OUR_FAULT
    if isinstance(error, ServiceError | DatabaseError | CrawlError | ReportError | OSError):
        say(f"运行失败：{error}")
        return OUR_FAULT
    say("程序内部错误，请把以下内容报告给维护者：")
    say("".join(traceback.format_exception(error)))
    return OUR_FAULT
