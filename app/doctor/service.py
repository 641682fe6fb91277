"""Does the service run, and does what it does by itself succeed?"""

from __future__ import annotations

from collections.abc import Iterator

from app.alone import is_held
from app.doctor.check import Check
from app.service.tasks import TASKS
from app.service.watch import failures, is_silent
from app.settings import Settings
from checks.freshness import SHANGHAI
from storage.clock import now
from storage.ledger import Ledger

NAME = "服务"


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
    for name in settings.schedule.lines:
        good = ledger.last_task(name, ok=True)
        at = f"{good.started_at.astimezone(SHANGHAI):%m-%d %H:%M}" if good else "尚无"
        seen.append(f"{TASKS[name].title} {at}")
    faults = [words for _, words in failures(ledger)]
    if is_silent(settings, ledger, since, now()):
        faults.insert(0, f"每日巡检已超过{settings.service.silent_hours}小时没有成功")
    note = f"最近一次成功：{'，'.join(seen)}"
    yield Check("计划任务", not faults, "；".join([*faults, note]))
