"""Is everything looked at, brought and probed as often as the rules ask for?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.day import PROBES
from app.doctor.check import Check
from app.probing import availability_rules
from app.service.plan import samples_a_day
from app.settings import Settings
from checks.facts import History
from checks.freshness import SHANGHAI, Moment, exemption, last_shown, local_day, shown_to
from checks.judge import spans_of
from checks.rules import Law
from checks.ways import deciding
from crawler.guards import is_refused
from crawler.settings import host_port
from storage.clock import now
from storage.ledger import Ledger

CHECK_HOSTS = 3


def unseen(ledger: Ledger, law: Law, today: date) -> Iterator[Check]:
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


def brought(ledger: Ledger, law: Law, today: date) -> Iterator[Check]:
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


def probes(settings: Settings, ledger: Ledger, law: Law) -> Iterator[Check]:
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
