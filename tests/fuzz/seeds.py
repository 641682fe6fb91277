"""What is mutated: the synthetic saved pages, composed pages, and a register of every field."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.crawler.huge import huge_pages
from tests.crawler.mutations import make_article, make_list

PAGES = Path(__file__).parents[1] / "pages"
COMPOSED = 120
SMALL = 3_000
REGISTER = """
[[unit]]
id = "water"
name = "示例市水务局"
kind = "department"
emails = ["office@example.gov.cn", "b@example.gov.cn"]
[[site]]
id = "portal"
name = "示例市人民政府"
home = "https://www.example.gov.cn/"
unit = "water"
code = "3206850001"
portal = true
search = "https://www.example.gov.cn/s?q={title}"
[[column]]
id = "notices"
site = "portal"
name = "通知公告"
url = "https://www.example.gov.cn/tzgg/"
class = "notice"
unit = "water"
cycle = "30 days"
min_items = 5
selectors = "row=li; date=span"
expected = ["机构设置", "领导信息"]
exempt_until = 2026-12-31
exempt_reason = "栏目改版"
[[column]]
id = "menu"
site = "portal"
name = "公告入口"
url = "http://www.example.gov.cn/rk/"
class = "news"
unit = "water"
redirect_to = "notices"
[[mailbox]]
id = "box"
site = "portal"
name = "领导信箱"
url = "https://www.example.gov.cn/xx/"
unit = "water"
limit = "5 working days"
categories = ["咨询=3 working days", "投诉=10 working days"]
[[account]]
id = "wx"
platform = "wechat"
name = "示例发布"
unit = "water"
source = "wechat_api"
status = "closed"
opened_on = 2020-01-01
closed_on = "2026-01-01"
"""


@cache
def seeds_of(target: str) -> Sequence[bytes]:
    """The seeds of a target, in one order on every machine."""
    if target == "inventory":
        blocks = ["[[" + block for block in REGISTER.split("[[")[1:]]
        return (*[REGISTER.encode()] * len(blocks), *(block.encode() for block in blocks))
    saved = _saved("list" if target in ("lists", "homes") else target.removesuffix("s"))
    if target == "articles":
        saved += [make_article(seed).page.body for seed in range(COMPOSED)]
    if target in ("lists", "homes"):
        saved += [make_list(seed).page.body for seed in range(COMPOSED)] + _saved("home")
    huge = huge_pages(SMALL)
    return (*saved, *_saved("notice"), *(huge[name] for name in sorted(huge)))


def _saved(kind: str) -> list[bytes]:
    files = sorted(PAGES.glob(f"*/{kind}*"), key=lambda file: (file.name, file.parent.name))
    return [file.read_bytes() for file in files if file.suffix != ".json"]
