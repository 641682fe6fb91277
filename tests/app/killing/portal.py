"""A small synthetic portal with faults, letters included, and the register that names it."""

from __future__ import annotations

from datetime import date, timedelta

from tests.app.killing.clock import TEN
from tests.crawler.server import Answer, page

TODAY = TEN.date()
# Days since the newest row; None: no rows. A class whose limit has passed, or has not.
COLUMNS: dict[str, tuple[str, int | None]] = {
    "news": ("news", 1),
    "latenews": ("news", 30),
    "deadnews": ("news", 400),
    "notice": ("notice", 3),
    "latenotice": ("notice", 300),
    "reading": ("interpretation", 300),
    "latest": ("news", 60),
    "plan": ("plan", None),
    "interview": ("interview", 20),
    "survey": ("survey", None),
    "statistics": ("statistics", 40),
    "policy": ("policy_doc", 50),
    "other": ("other", 5),
}
SHUT = ("blocked", "gone", "broken")
UNITS = ("zfb", "jyj")
SETTINGS = """\
[crawl]
delay_seconds = 0
timeout_seconds = 60
allow_private_networks = ["127.0.0.0/8"]
[mail]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "xunjian@example.cn"
office = ["office@example.cn"]
operator = ["operator@example.cn"]
unit_alerts = "all"
"""


def day(back: int) -> date:
    return TODAY - timedelta(days=back)


def answers() -> dict[str, Answer]:
    found = {f"/{name}/": listing(name, newest) for name, (_, newest) in COLUMNS.items()}
    links = "".join(f"<li><a href='/{name}/'>{name}</a></li>" for name in COLUMNS)
    return {
        **found,
        "/": page(f"<html><!-- synthetic --><body><h1>示例门户</h1><ul>{links}</ul></body></html>"),
        "/blocked/": page("<html><!-- synthetic --><body>访问被拒绝</body></html>", status=403),
        "/broken/": page("", status=500),
        "/letters/": letters(),
    }


def listing(name: str, newest: int | None) -> Answer:
    rows = "".join(
        f"<li><a href='/{name}/{n}.html'>关于做好第{n}号示例工作的通知</a>"
        f"<span>{day(newest + n)}</span></li>"
        for n in range(12 if newest is not None else 0)
        if newest is not None
    )
    return page(f"<html><!-- synthetic --><body><ul>{rows or '暂无内容'}</ul></body></html>")


def letters() -> Answer:
    """Three answered letters, two that wait for too long."""
    head = "<tr><th>编号</th><th>标题</th><th>来信时间</th><th>答复时间</th><th>状态</th></tr>"
    rows = "".join(
        f"<tr><td>L-{n}</td><td><a href='/letters/{n}.html'>关于第{n}号事项的来信</a></td>"
        f"<td>{day(40 + n)}</td><td>{day(39 + n) if n > 1 else ''}</td>"
        f"<td>{'已答复' if n > 1 else '处理中'}</td></tr>"
        for n in range(5)
    )
    return page(f"<html><!-- synthetic --><body><table>{head}{rows}</table></body></html>")


def register(url: str) -> str:
    units = "".join(
        f'[[unit]]\nid = "{unit}"\nname = "示例单位{n}"\nkind = "department"\n'
        f'emails = ["{unit}@example.cn"]\n'
        for n, unit in enumerate(UNITS)
    )
    site = f'[[site]]\nid = "s"\nname = "示例门户"\nhome = "{url}/"\nunit = "zfb"\nportal = true\n'
    kinds = {**{name: kind for name, (kind, _) in COLUMNS.items()}, **dict.fromkeys(SHUT, "news")}
    columns = "".join(
        f'[[column]]\nid = "{name}"\nsite = "s"\nname = "{name}栏目"\nurl = "{url}/{name}/"\n'
        f'class = "{kind}"\nunit = "{UNITS[n % 2]}"\n'
        for n, (name, kind) in enumerate(kinds.items())
    )
    mailbox = (
        f'[[mailbox]]\nid = "letters"\nsite = "s"\nname = "示例信箱"\nurl = "{url}/letters/"\n'
        'unit = "jyj"\n'
    )
    return units + site + columns + mailbox
