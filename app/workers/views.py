"""How the queue of the workers stands, for a person and for programs."""

from __future__ import annotations

from app.show import Sheet
from app.workers.queue import STALLED_AFTER, queue_of, standing
from checks.freshness import SHANGHAI
from storage.clock import now
from storage.ledger import Ledger


def queue_sheet(ledger: Ledger) -> Sheet:
    """How many lots wait, are under way and failed, what is due, which workers are heard of?

    Raises SettingsError where there is no queue.
    """
    queue_of(ledger.engine)
    stands, at = standing(ledger), now()
    alive = [heard for heard in stands.workers if at - heard < STALLED_AFTER]
    document = {
        "at": at,
        "watched": ledger.watched_count(),
        "due": ledger.due_count(at),
        "waiting": stands.waiting,
        "running": stands.running,
        "failed": stands.failed,
        "workers": [{"last_heard": heard, "alive": heard in alive} for heard in stands.workers],
    }
    rows = [
        ("登记在册、由巡检进程查看的对象", str(document["watched"])),
        ("其中已到查看时间的", str(document["due"])),
        ("等待的批次", str(stands.waiting)),
        ("正在查看的批次", str(stands.running)),
        ("一天内未能完成的批次", str(stands.failed)),
        ("在运行的巡检进程", str(len(alive))),
        *(
            ("　最近一次消息", f"{heard.astimezone(SHANGHAI):%m-%d %H:%M:%S}")
            for heard in stands.workers
        ),
    ]
    told = [{"what": what, "count": count} for what, count in rows]
    return Sheet(document, told, {"what": "项目", "count": "数值"}, {})
