"""`xunjian discover URL`: from a portal's home page to a draft register."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.commands.base import SAW_NOTHING, home, say
from app.show import console, print_json, print_table

if TYPE_CHECKING:
    from crawler.readers.discovery.draft import Draft


class DraftFormat(StrEnum):
    TOML = "toml"
    TABLE = "table"
    JSON = "json"


def discover(
    url: Annotated[str, typer.Argument(help="网站首页，如 https://www.example.gov.cn/")],
    out: Annotated[
        Path | None, typer.Option("--out", help="把草稿写入此文件；默认显示在屏幕上。")
    ] = None,
    max_pages: Annotated[
        int, typer.Option("--max-pages", min=1, max=5000, help="最多查看多少个页面。")
    ] = 300,
    form: Annotated[
        DraftFormat, typer.Option("--format", help="屏幕上的形式；写入文件的总是 toml。")
    ] = DraftFormat.TOML,
    force: Annotated[bool, typer.Option("--force", help="覆盖已有的文件。")] = False,
) -> None:
    """从门户首页出发查看导航，起草登记册 inventory.toml；不写数据库，供人工核对后使用。"""
    from app.commands.running import portal
    from app.draft import draft_toml
    from crawler.discover import discover as look_at

    address = _address(url)
    _may_write(out, force)
    place = home()
    with portal(place), _progress(max_pages) as on_page:
        draft = look_at(address, place.settings().crawl, max_pages, on_page)
    _tell(draft)
    if not draft.seen:
        say("什么也没有看到：请检查网址、本机网络和防火墙白名单。没有生成草稿。")
        raise typer.Exit(SAW_NOTHING)
    text = draft_toml(draft)
    if out is not None:
        out.write_text(text, encoding="utf-8")
        say(f"草稿已写入 {out}。")
    _show(draft, text, form, written=out is not None)


def _show(draft: Draft, text: str, form: DraftFormat, *, written: bool) -> None:
    from app.draft import draft_json, draft_sheet

    if form is DraftFormat.JSON:
        print_json(draft_json(draft))
    elif form is DraftFormat.TABLE:
        print_table(draft_sheet(draft))
    elif not written:
        typer.echo(text, nl=False)


def _address(url: str) -> str:
    from storage.cells import address

    try:
        return address(url)
    except ValueError as error:
        raise typer.BadParameter(f"{url!r}，{error}", param_hint="URL") from error


def _may_write(out: Path | None, force: bool) -> None:
    if out is None:
        return
    if out.exists() and not (force and out.is_file()):
        raise typer.BadParameter(f"{out} 已存在，未作改动；要覆盖请加 --force", param_hint="--out")
    if not out.absolute().parent.is_dir():
        raise typer.BadParameter(f"目录 {out.absolute().parent} 不存在", param_hint="--out")


def _tell(draft: Draft) -> None:
    say(
        f"看了 {draft.pages} 个页面，见到 {draft.seen} 个：栏目 {len(draft.columns)} 个，"
        f"信箱 {len(draft.mailboxes)} 个，新媒体账号 {len(draft.accounts)} 个，"
        f"未能查看而未列入的 {len(draft.unlisted)} 个。"
    )
    if draft.cut:
        say(f"{draft.cut}，后面的页面没有看。")
    if not draft.seen:
        for each in draft.unlisted:
            say(f"{each.url}：{each.why}")


@contextmanager
def _progress(max_pages: int) -> Iterator[Callable[[str, str, str], None] | None]:
    """Yields what is to be called after each page; None when stderr is not a terminal."""
    from rich.progress import MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    err = console(stderr=True)
    if not err.is_terminal:
        say(f"正在查看，最多 {max_pages} 个页面。")
        yield None
        return
    columns = (TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("正在查看", total=max_pages)

        def on_page(url: str, _kind: str, name: str) -> None:
            shown = "".join(char for char in name or url if char.isprintable())[:32]
            bar.update(task, advance=1, description=f"正在查看 {shown.replace('[', '(')}")

        yield on_page
