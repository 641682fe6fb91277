"""`xunjian doctor`: is everything in order, and what must the operator see to?"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.assessing import scheme_doubts, the_scheme
from app.day import PROBES
from app.probing import availability_rules
from app.schedule import samples_a_day
from app.settings import Home, Settings, SettingsError, robots_of
from checks.facts import History
from checks.freshness import SHANGHAI, Moment, exemption, last_shown, local_day, shown_to
from checks.judge import spans_of
from checks.rules import Law
from checks.ways import deciding
from crawler.guards import is_refused
from crawler.render import browser_path, missing_for_render
from crawler.settings import host_port
from notify.dead import described
from notify.robots import token_variable
from storage.clock import now
from storage.credentials import WECHAT_API, missing
from storage.database import DatabaseError
from storage.inventory import InventoryError, Row, read_toml
from storage.ledger import Ledger

MIN_FREE_BYTES = 2**30
CALENDAR_WARNING_DAYS = 60
CHECK_HOSTS = 3
MOST_DEAD = 10


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `fatal`: nothing can run before it is put right."""

    name: str
    ok: bool
    note: str
    fatal: bool = False


def examine(home: Home) -> list[Check]:
    """Look at everything that can be looked at; a broken part does not hide the others."""
    checks: list[Check] = []
    try:
        settings = home.settings()
        checks.append(Check("设置", True, str(home.path("settings.toml"))))
        law = home.law(settings)
    except SettingsError as error:
        return [*checks, Check("设置", False, str(error), fatal=True)]
    checks += _terms(home, settings)
    today = local_day(now())
    checks += _law(law, today)
    checks += _assessed(home, settings, law)
    checks += _mail(home, settings)
    checks += _chat(settings)
    try:
        ledger = home.open_ledger()
    except (SettingsError, DatabaseError) as error:
        return [*checks, Check("数据库", False, str(error), fatal=True)]
    try:
        checks.append(Check("数据库", True, ledger.engine.url.render_as_string()))
        checks += _disk(home)
        checks += _register(home, ledger)
        checks += _browser(settings, ledger)
        checks += _credentials(ledger)
        checks += _unseen(ledger, law, today)
        checks += _brought(ledger, law, today)
        checks += _probes(settings, ledger, law)
        checks += _outbox(ledger)
    finally:
        ledger.close()
    return checks


def _terms(home: Home, settings: Settings) -> Iterator[Check]:
    try:
        terms = home.terms(settings)
    except SettingsError as error:
        yield Check("词表", False, str(error), fatal=True)
        return
    if terms:
        yield Check("词表", True, f"{len(terms)} 个词在用")


def _law(law: Law, today: date) -> Iterator[Check]:
    rules = law.in_force(today)
    unverified = [rule.name for rule in rules if not rule.verified]
    note = f"{len(rules)} 项指标在用"
    if unverified:
        note += f"；未核实：{'、'.join(unverified)}"
    yield Check("指标", not unverified, note)
    calendar = law.calendar
    left = (date(calendar.last_year, 12, 31) - today).days
    note = f"放假安排已知至 {calendar.last_year} 年底（{calendar.version}）"
    if left < CALENDAR_WARNING_DAYS:
        note += (
            f"，仅剩 {max(left, 0)} 天：请在 holidays/ 下补充 cn-{calendar.last_year + 1}.toml，"
            "否则跨年的答复期限只能暂定"
        )
    yield Check("工作日历", left >= CALENDAR_WARNING_DAYS, note)


def _assessed(home: Home, settings: Settings, law: Law) -> Iterator[Check]:
    try:
        (scheme, _), terms = the_scheme(home, settings), home.rectification()
        home.escalation()
    except SettingsError as error:
        yield Check("考核和整改", False, str(error))
        return
    note = f"{scheme.title}（{scheme.version}）"
    if scheme.proposal:
        note += "是建议稿，请以本单位的考核办法替换"
    note += f"；整改期限{terms.limit.chinese}，最长{terms.hard_stop.chinese}"
    yield Check("考核和整改", not scheme.proposal, "；".join((note, *scheme_doubts(scheme, law))))


def _mail(home: Home, settings: Settings) -> Iterator[Check]:
    mail = settings.mail
    if not mail.office:
        yield Check("邮件", False, "未设办公室收件人（[mail] office），提醒无人可收")
    elif mail.host is None:
        yield Check("邮件", True, f"未设邮件服务器，邮件写入 {home.path('outbox')}")
    elif mail.username and home.mail_password is None:
        yield Check("邮件", False, "已设用户名，但环境变量 XUNJIAN_MAIL_PASSWORD 为空")
    else:
        yield Check("邮件", True, f"{mail.host}（{mail.security}）")


def _chat(settings: Settings) -> Iterator[Check]:
    robots = robots_of(settings)
    lacking = [token_variable(robot.name) for robot in robots if not robot.token]
    if robots:
        note = "、".join(robot.title for robot in robots)
        note += f"；缺少环境变量：{'、'.join(lacking)}" if lacking else "，密钥均已提供"
        yield Check("群机器人", not lacking, note)


def _disk(home: Home) -> Iterator[Check]:
    free = shutil.disk_usage(home.folder).free
    yield Check("磁盘", free >= MIN_FREE_BYTES, f"剩余 {free / 2**30:.1f} GB")


def _register(home: Home, ledger: Ledger) -> Iterator[Check]:
    if not ledger.is_loaded():
        yield Check("登记册", False, "尚未载入：请运行 xunjian inventory load")
        return
    path = home.path("inventory.toml")
    stored = ledger.inventory()
    note = f"栏目 {len(stored['column'])}，信箱 {len(stored['mailbox'])}"
    same = True
    if path.is_file():
        try:
            written = read_toml(path.read_text(encoding="utf-8"), str(path))
            same = all(_by_id(written[kind]) == _by_id(stored[kind]) for kind in stored)
        except (InventoryError, UnicodeDecodeError) as error:
            yield Check("登记册", False, f"{note}；{error}")
            return
    if not same:
        note += "；inventory.toml 与已载入的登记册不同，如要采用请运行 xunjian inventory load"
    yield Check("登记册", same, note)


def _browser(settings: Settings, ledger: Ledger) -> Iterator[Check]:
    wanted = sum(row["render"] for row in ledger.inventory()["column"])
    if wanted:
        missing = missing_for_render(settings.crawl)
        note = missing or f"{browser_path(settings.crawl)}"
        yield Check("浏览器", missing is None, f"{wanted} 个栏目须用浏览器打开；{note}")


def _credentials(ledger: Ledger) -> Iterator[Check]:
    """Which variables are missing for the accounts that are asked with their own credentials?"""
    accounts = [row["id"] for row in ledger.inventory()["account"] if row["source"] == WECHAT_API]
    lacking = [name for account in accounts for name in missing(account, os.environ)]
    if accounts:
        note = f"{len(accounts)} 个账号使用公众号接口" + (
            f"；缺少环境变量：{'、'.join(lacking[:10])}{'等' if len(lacking) > 10 else ''}"
            if lacking
            else "，凭证均已提供"
        )
        yield Check("公众号接口", not lacking, note)


def _by_id(rows: Sequence[Row]) -> dict[str, Row]:
    return {row["id"]: row for row in rows}


def _unseen(ledger: Ledger, law: Law, today: date) -> Iterator[Check]:
    spans = spans_of(law, today)
    subjects = ledger.subjects()
    histories = ledger.histories([subject.key for subject in subjects], now())
    if not histories:
        yield Check("查看", False, "尚未查看过任何对象：请运行 xunjian cycle")
        return
    unseen = []
    for subject in subjects:
        if subject.brought or exemption(subject, today) is not None:
            continue
        known = histories.get(subject.key, History())
        history = deciding(subject, known, Moment(today), spans)
        since = last_shown(history) or subject.watched_since
        most = spans.look.n if history.holds_days is None else history.holds_days
        if since is not None and (today - since).days > most:
            unseen.append(subject.name)
    note = f"{len(unseen)} 项超过 {spans.look.n} 天未能查看" + (
        f"：{'、'.join(unseen[:10])}{'等' if len(unseen) > 10 else ''}" if unseen else ""
    )
    yield Check("查看", not unseen, note)


def _brought(ledger: Ledger, law: Law, today: date) -> Iterator[Check]:
    """Is what persons bring, by export or entry, as new as the rule asks for?"""
    subjects = [each for each in ledger.subjects() if each.brought]
    if not subjects:
        return
    most = spans_of(law, today).word.n
    histories = ledger.histories([subject.key for subject in subjects], now())
    late = []
    for subject in subjects:
        word = histories.get(subject.key, History()).word
        to = shown_to(word) if word is not None else None
        old = to is None or (today - to).days > most
        if old and exemption(subject, today) is None:
            late.append(f"{subject.name}（{f'截至{to}' if to else '尚无'}）")
    note = f"{len(late)} 项超过 {most} 天没有新的后台导出或人工登记" + (
        f"：{'、'.join(late[:10])}{'等' if len(late) > 10 else ''}" if late else ""
    )
    yield Check("导出和登记", not late, note)


def _probes(settings: Settings, ledger: Ledger, law: Law) -> Iterator[Check]:
    """Are the sites probed as often as the rule in force asks for?"""
    present = now()
    rules = availability_rules(law, local_day(present))
    if not rules or not ledger.inventory()["site"]:
        return
    last = max(
        (held[-1].at for held in ledger.probes(present - PROBES, present).values()), default=None
    )
    allowed = min(rule.max_gap for rule in rules)
    late = last is None or present - last > allowed
    when = f"{last.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if last else f"近{PROBES.days}天内没有"
    note = f"最近一次：{when}" + (
        f"；间隔应不超过{allowed // timedelta(minutes=1)}分钟，"
        "请保持 xunjian serve 运行，否则一周的访问情况不作判定"
        if late
        else ""
    )
    yield Check("网站探测", not late, note)
    wanted, gap = max(rule.min_per_day for rule in rules), max(rule.min_gap for rule in rules)
    samples = samples_a_day(settings.schedule.probe, gap, present)
    note = f"按 [schedule] probe 每日有效探测{samples}次，应不少于{wanted}次"
    yield Check("探测计划", samples >= wanted, note)
    yield from _check_hosts(settings)


def _check_hosts(settings: Settings) -> Iterator[Check]:
    """A hint where none is set; a fault where one can never be reached under our own guards."""
    hosts = settings.probe.check_hosts
    networks = settings.crawl.allow_private_networks
    inner = [text for text in hosts if is_refused(host_port(text)[0], networks)]
    if not hosts:
        hint = "未设（[probe] check_hosts）：本机网络中断时可能误认为网站无法打开，建议设置三个"
        yield Check("对照主机", True, hint)
    elif inner:
        note = f"{'、'.join(inner)} 属于未获准访问的内部网络，须列入 [crawl] allow_private_networks"
        yield Check("对照主机", False, note)
    else:
        more = "" if len(hosts) >= CHECK_HOSTS else "，宜设三个互不相关的主机"
        yield Check("对照主机", True, f"已设 {len(hosts)} 个{more}")


def _outbox(ledger: Ledger) -> Iterator[Check]:
    counts = ledger.delivery_counts()
    dead, queued = counts.get("dead", 0), counts.get("queued", 0)
    note = f"已发 {counts.get('sent', 0)}，待发 {queued}，无法投递 {dead}"
    if dead:
        shown = [described(each) for each in ledger.deliveries("dead")[-MOST_DEAD:]]
        more = f"（最近 {MOST_DEAD} 封）" if dead > MOST_DEAD else ""
        again = "改正后运行 xunjian deliver --again 重新发送"
        note += f"{more}：{'；'.join(shown)}；{again}"
    yield Check("投递", not dead, note)
