"""`xunjian new-reader`: for developers, the files of a new list reader."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.commands.base import day_of, say

EXAMPLE = "https://www.example.gov.cn/lanmu/index.html"


def new_reader(
    name: Annotated[str, typer.Argument(help="模块名，如 somecms。")],
    saved: Annotated[Path, typer.Argument(help="仿写的列表页，须注明 synthetic。")],
    url: Annotated[str, typer.Option("--url", help="视为该页的网址。")] = EXAMPLE,
    today: Annotated[
        datetime | None, typer.Option("--today", formats=["%Y-%m-%d"], help="视为今天的日期。")
    ] = None,
) -> None:
    """供开发者使用：在项目工作副本中生成新的列表读取方式及其测试。"""
    from app.scaffold import new_reader as make
    from app.scaffold import write
    from checks.freshness import local_day
    from storage.clock import now

    root = Path.cwd()
    files = make(root, name, saved, url, day_of(today) or local_day(now()))
    write(root, files)
    for path in files:
        say(f"已写入 {path}")
    say(
        f"下一步：在 crawler/readers/{name}.py 标有 CHANGE HERE 处写明特征和读法；"
        f"对照页面核对 tests/pages/ok/list_{name}.json，改正后把 reviewed 改为 true；"
        f"再运行 pytest tests/crawler/test_{name}.py tests/crawler/test_choose.py。"
        "若页面先被别的读取方式认领，把 choose.py 中新加的一行移到它前面。"
    )
