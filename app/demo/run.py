"""`xunjian demo`: the whole product once, against the bundled portal, compared with the plan."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from app.cycle import run_cycle
from app.day import Day, judge_day
from app.demo.brought import bring
from app.demo.pages.wechat import credentials
from app.demo.plan import Plan, make_plan
from app.demo.portal import Portal
from app.demo.seeds import sow
from app.home import Home
from app.progress import progress
from app.settings import SettingsError
from app.show import console, print_table
from app.standing import places_of
from app.summary import cycle_summary
from app.views import status_sheet
from app.weekly import make_weekly
from app.words import WORST_FIRST
from checks.calendar import load_calendar
from checks.freshness import local_day
from checks.standing_words import in_words
from checks.verdicts import Judgement, Verdict
from storage.clock import now
from storage.inventory import read_toml

MARKER = "demo.json"
LETTER_RULE = "mailbox_5wd"
FIRST_PORTS = range(18600, 19600, 20)
SETTINGS = """\
# Settings of the demo: the portal runs on this machine, so loopback is allowed and waits are short.
[crawl]
delay_seconds = 0.0
concurrency = 8
timeout_seconds = 2
contact = "demo@yunlan.example"
allow_private_networks = ["127.0.0.0/8"]

[rules]
packs = ["haian", "cn-2019"]

[wechat]
base_url = "{wechat}"
lists_mass_sends = ["wx-ylwl"]

[mail]
sender = "xunjian@yunlan.example"
office = ["office@yunlan.example"]
operator = ["operator@yunlan.example"]
unit_alerts = "all"
"""


def run_demo(folder: Path) -> int:
    """Run one cycle and say how many verdicts are as planted. Returns the exit code: 0 or 4."""
    home = Home(folder)
    _fresh(home)
    plan = make_plan(local_day(now()), load_calendar())
    with _open_portal(plan) as (portal, first_port):
        _furnish(home, plan, portal, first_port)
        ledger = home.open_ledger()
        try:
            settings = home.settings()
            inventory = read_toml(home.path("inventory.toml").read_text(encoding="utf-8"), "demo")
            ledger.load_inventory(inventory, now())
            sow(ledger, plan, portal.base_urls, now())
            bring(home, ledger, plan)
            with progress(ledger) as on_visit:
                report = run_cycle(home, settings, ledger, on_visit)
            day = judge_day(home, settings, ledger)
            weekly = make_weekly(home, settings, ledger, None, None)
        finally:
            ledger.close()
    print_table(status_sheet(day))
    out = console()
    for line in cycle_summary(report, home):
        out.print(line, markup=False)
    out.print(f"邮件：{home.path('outbox')}", markup=False, soft_wrap=True)
    for path in weekly.paths:
        out.print(f"周报：{path}", markup=False, soft_wrap=True)
    return _compare(plan, day, home)


def _compare(plan: Plan, day: Day, home: Home) -> int:
    out = console()
    wrong = [*differences(plan, day), *standing_differences(plan, day)]
    for line in wrong:
        out.print(line, markup=False)
    total = len(plan.subjects) + len(plan.letters) + len(plan.standings)
    out.print(f"{total - len(wrong)} of {total} as planted（与预设一致）", markup=False)
    again = f"再运行 XUNJIAN_HOME={home.folder} xunjian cycle 不会重复发信。"
    out.print(again, markup=False, soft_wrap=True)
    return 4 if wrong else 0


def differences(plan: Plan, day: Day) -> Iterator[str]:
    """What came out other than planted: verdict, newest date or outcome, letter by letter too."""
    rows = worst_rows(day)
    for key, planted in plan.subjects.items():
        expected, row = planted.expected, rows.get(key)
        if row is None:
            yield f"不一致：{key} 没有判定"
            continue
        judged = row.verdict not in (Verdict.UNKNOWN, Verdict.BLANK, Verdict.UNDATED)
        newest = row.newest if judged and not key.startswith("site:") else None
        got = (str(row.verdict), newest, str(row.outcome))
        want = (str(expected.verdict), expected.newest, str(expected.outcome))
        if got != want:
            yield f"不一致：{key}（{planted.fault}）预设 {want}，实得 {got}：{row.reason}"
    local = [row for row in day.bench.letters if row.rule == LETTER_RULE]
    letters = {(row.mailbox.id, row.letter.ref): row for row in local}
    for letter in plan.letters:
        judged_letter = letters.get((letter.mailbox, letter.ref))
        if judged_letter is None:
            yield f"不一致：来信 {letter.ref} 没有见到"
        elif (judged_letter.verdict, judged_letter.due) != (letter.verdict, letter.due):
            yield (
                f"不一致：来信 {letter.ref} 预设 {letter.verdict} {letter.due}，"
                f"实得 {judged_letter.verdict} {judged_letter.due}：{judged_letter.reason}"
            )


def standing_differences(plan: Plan, day: Day) -> Iterator[str]:
    """Which vetoes stand other than planted: hit or not, and how many count?"""
    told = {
        (place.subject.key, row.indicator.id): row
        for place in places_of(day, ())
        for row in place.vetoes
    }
    for planted in plan.standings:
        row = told.get((planted.subject, planted.indicator))
        if row is None:
            yield f"不一致：{planted.subject} {planted.indicator} 没有判定"
            continue
        count = row.count if planted.count is not None else None
        if (row.hit if row.hit is not None else "未知", count) != (planted.hit, planted.count):
            want = f"{planted.hit} {planted.count}"
            got = f"{row.hit} {count}：{in_words(row)}"
            yield f"不一致：{planted.subject} {planted.indicator} 预设 {want}，实得 {got}"


def worst_rows(day: Day) -> dict[str, Judgement]:
    """One row a subject: under several rules, the one that is worst for it."""
    worst: dict[str, Judgement] = {}
    for row in day.bench.rows:
        held = worst.get(row.subject.key)
        if held is None or WORST_FIRST.index(row.verdict) < WORST_FIRST.index(held.verdict):
            worst[row.subject.key] = row
    return worst


def _fresh(home: Home) -> None:
    if home.folder.exists():
        if not home.path(MARKER).is_file():
            raise SettingsError(
                f"{home.folder} 已存在且不是演示目录，未作改动。请用 --home 另指一个目录。"
            )
        shutil.rmtree(home.folder)
    home.folder.mkdir(parents=True)


def _furnish(home: Home, plan: Plan, portal: Portal, first_port: int) -> None:
    marker = {"today": plan.today.isoformat(), "first_port": first_port}
    home.path(MARKER).write_text(json.dumps(marker), encoding="utf-8")
    settings = SETTINGS.replace("{wechat}", portal.base_urls["media"])
    home.path("settings.toml").write_text(settings, encoding="utf-8")
    text = plan.inventory_toml(portal.base_urls)
    home.path("inventory.toml").write_text(text, encoding="utf-8")


@contextmanager
def _open_portal(plan: Plan) -> Iterator[tuple[Portal, int]]:
    """Start the portal on the first free block of ports."""
    for first_port in FIRST_PORTS:
        try:
            portal = Portal(plan, first_port)
        except OSError:
            continue
        with portal, _environment(credentials(plan.accounts)):
            yield portal, first_port
        return
    taken = f"{FIRST_PORTS[0]} 至 {FIRST_PORTS[-1]}"
    raise SettingsError(f"本机端口 {taken} 均被占用，演示门户无法启动。")


@contextmanager
def portal_of(folder: Path) -> Iterator[None]:
    """Start a demo home's portal again, as it was on its day; other homes start nothing."""
    marker = folder / MARKER
    if not marker.is_file():
        yield
        return
    told = json.loads(marker.read_text(encoding="utf-8"))
    plan = make_plan(date.fromisoformat(told["today"]), load_calendar())
    try:
        portal = Portal(plan, told["first_port"])
    except OSError as error:
        raise SettingsError(
            f"演示门户的端口 {told['first_port']} 起已被占用，请先结束占用它的程序。"
        ) from error
    with portal, _environment(credentials(plan.accounts)):
        yield


@contextmanager
def _environment(held: Mapping[str, str]) -> Iterator[None]:
    """The demo's accounts have credentials while its portal is up; what was set comes back."""
    before = {name: os.environ.get(name) for name in held}
    os.environ.update(held)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
