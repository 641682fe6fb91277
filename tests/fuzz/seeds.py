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
HEADS = (
    "<tr><th>编号</th><th>标题</th><th>来信人</th><th>电话</th><th>来信时间</th><th>状态</th></tr>"
)
LETTERS = tuple(
    each.encode()
    for each in (
        f"<!-- synthetic --><body><table>{HEADS}<tr><td>XJ2026001</td><td><a href='a.jsp?id=1'>"
        "咨询居住证办理</a></td><td>张三丰</td><td>13800000000</td><td>2026-11-10</td>"
        "<td>待办理</td></tr></table></body>",
        "<!-- synthetic --><body><h1>咨询居住证办理</h1><table><tr><td>信件编号</td>"
        "<td>13800000009</td><td>来信人</td><td>张三丰</td></tr><tr><td>联系方式</td>"
        "<td>13800000000</td><td>来信时间</td><td>2026-11-10</td></tr><tr><td>来信内容</td>"
        "<td>您好，我叫张三丰，电话13800000000。</td></tr><tr><td>答复时间</td><td>2026-11-12</td>"
        "</tr><tr><td>答复内容</td><td>来信收悉。</td></tr></table></body>",
        '{"total":1,"rows":[{"sqcode":"XJ1","title":"路灯不亮，电话13800000000","writer":"张三丰",'
        '"mobile":13800000000,"sfzh":"320621190001010016","content":"我家在某镇某村",'
        '"writedate":"2026-11-10","replydate":"","deptname":"住建局","remark":""}]}',
    )
)
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
    if target == "masks":
        return (*_saved("letters"), *LETTERS)
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
