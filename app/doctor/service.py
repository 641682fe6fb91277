"""Does the service run, and does what it does by itself succeed?"""

from __future__ import annotations

from collections.abc import Iterator

from app.alone import is_held
from app.doctor.check import Check
from app.service.tasks import TASKS
from app.service.watch import failures, is_silent
from app.settings import Settings, SettingsError
from checks.freshness import SHANGHAI
from storage.clock import now
from storage.ledger import Ledger

NAME = "服务"
WORKERS = "巡检进程"


def service(settings: Settings, ledger: Ledger) -> Iterator[Check]:
    """Whether it runs, and when each task last succeeded."""
    since = ledger.first_task("service")
    if since is None:
        yield Check(NAME, True, "xunjian serve 没有运行过：巡检、发信和报告须由人启动")
        return
    held = is_held(ledger, "service")
    note = (
        "正在运行"
        if held
        else "没有在运行：请启动，如 systemctl start xunjian（分开部署的为 xunjian-scheduler）"
    )
    yield Check(NAME, held, note)
    seen = []
    for name in settings.lines:
        good = ledger.last_task(name, ok=True)
        at = f"{good.started_at.astimezone(SHANGHAI):%m-%d %H:%M}" if good else "尚无"
        seen.append(f"{TASKS[name].title} {at}")
    faults = [words for _, words in failures(ledger)]
    if is_silent(settings, ledger, since, now()):
        faults.insert(0, f"每日巡检已超过{settings.service.silent_hours}小时没有成功")
    note = f"最近一次成功：{'，'.join(seen)}"
    yield Check("计划任务", not faults, "；".join([*faults, note]))


def workers(settings: Settings, ledger: Ledger) -> Iterator[Check]:
    """Where the crawl is shared out: are there workers, and do they do what is due?"""
    if not settings.workers.enabled:
        return
    from app.workers.queue import STALLED_AFTER, queue_of, standing

    try:
        queue_of(ledger.engine)
    except SettingsError as error:
        yield Check(WORKERS, False, str(error), fatal=True)
        return
    stands, at = standing(ledger), now()
    alive = sum(at - heard < STALLED_AFTER for heard in stands.workers)
    note = (
        f"{alive}个在运行；到时间待查看的对象{ledger.due_count(at)}个，"
        f"等待{stands.waiting}批，正在查看{stands.running}批"
    )
    if not alive:
        note += "。没有巡检进程（xunjian worker）：登记的对象不会被查看"
    if stands.failed:
        note += f"；一天内{stands.failed}批未能完成，原因见巡检进程的日志"
    yield Check(WORKERS, alive > 0 and not stands.failed, note)
