"""A new list reader in a checkout: module, registration, saved page, draft expectation, test."""

from __future__ import annotations

import ast
import json
import keyword
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from app.settings import SettingsError
from crawler.readers.choose import read_page
from crawler.readers.page import Page

CHOOSE = Path("crawler/readers/choose.py")
FIELDS = Path("storage/fields.py")
GENERIC = ("HOME", "ROWS")
LINE = 100
_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")

MODULE = '''\
"""{name}: say here whose pages these are, and how they serve their lists."""

from __future__ import annotations

from dataclasses import replace

from crawler.readers.page import ListReading, Page
from crawler.readers.rows import read_rows

NAME = "{name}"
# CHANGE HERE: words in the markup that every list page of this system has and no other page.
SIGN = ""


def recognise(html: str) -> str | None:
    """Is this a list page of {name}, and by what sign?"""
    return f"页面含 {{SIGN}}，为 {name} 栏目页" if SIGN and SIGN in html else None


def read(page: Page) -> ListReading:
    """Which items does this list page show?"""
    # CHANGE HERE where the rows are not plain markup; the list reader reads any that are.
    return replace(read_rows(page), reader=NAME)
'''
TEST = '''\
"""List pages of {name}."""

from __future__ import annotations

from pathlib import Path

from crawler.decode import decode
from crawler.readers import {name}

SAVED = Path(__file__).parents[1] / "pages" / "ok" / "list_{name}.html"


def test_the_saved_page_is_recognised_by_its_sign() -> None:
    told = {name}.recognise(decode(SAVED.read_bytes(), ""))
    assert told is not None, (
        "crawler/readers/{name}.py recognises no page yet: put into SIGN what all list pages of "
        "this system hold and no others, then review tests/pages/ok/list_{name}.json"
    )


def test_a_page_of_another_system_is_left_alone() -> None:
    assert {name}.recognise("<html><!-- synthetic --><ul><li>2026-11-20</li></ul></html>") is None
'''


def new_reader(root: Path, name: str, saved: Path, url: str, today: date) -> dict[Path, bytes]:
    """Which files does a new reader need, and what do they hold? Nothing is written here.

    Paths are relative to `root`, a checkout. Raises SettingsError naming what stands in the
    way and what to do.
    """
    _check_name(name)
    body = _page(saved)
    texts = {
        CHOOSE: registered(_source(root, CHOOSE), name),
        FIELDS: listed(_source(root, FIELDS), name),
        Path(f"crawler/readers/{name}.py"): MODULE.format(name=name),
        Path(f"tests/crawler/test_{name}.py"): TEST.format(name=name),
        Path(f"tests/pages/ok/list_{name}.json"): draft(name, Page(url, body, today)),
    }
    files = {path: text.encode() for path, text in texts.items()}
    files[Path(f"tests/pages/ok/list_{name}.html")] = body
    for path in set(files) - {CHOOSE, FIELDS}:
        if (root / path).exists():
            raise SettingsError(f"{path} 已存在：请换一个名称，或先移走原有文件")
    return files


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise SettingsError(f"{name}：应为小写字母开头的模块名，只含小写字母、数字和下划线")


def _page(saved: Path) -> bytes:
    if not saved.is_file():
        raise SettingsError(f"{saved}：文件不存在")
    body = saved.read_bytes()
    if b"synthetic" not in body:
        raise SettingsError(
            f"{saved}：页面须注明 synthetic。真实网站的页面不得收入项目：请照其结构另写一页，"
            "换掉全部标题、网址和人名，在开头加上 <!-- synthetic --> 后再运行"
        )
    return body


def _source(root: Path, path: Path) -> str:
    if not (root / path).is_file():
        raise SettingsError(f"{root} 下没有 {path}：请在项目的工作副本根目录中运行")
    return (root / path).read_text(encoding="utf-8")


def draft(name: str, page: Page) -> str:
    """The expectation as the page reads now, marked as not reviewed."""
    reading = read_page("list", page)
    items = reading["items"]
    if not isinstance(items, list):
        raise TypeError("a list is read as items")
    kept = ("title", "url", "date", "date_text", "date_source")
    document = {
        "reviewed": False,
        "kind": "list",
        "url": page.url,
        "today": page.today.isoformat(),
        "items": [{key: item[key] for key in kept} for item in items],
        "newest": reading["newest"],
        "outcome": reading["outcome"],
        "reader": name,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def registered(source: str, name: str) -> str:
    """`choose.py` with the reader imported, and listed before the generic ones."""
    tree = ast.parse(source)
    imports = next((node for node in tree.body if _imports_readers(node)), None)
    readers = _elements(tree)
    at = next((each.lineno for each in readers if _first_name(each) in GENERIC), None)
    if not isinstance(imports, ast.ImportFrom) or at is None:
        raise SettingsError(
            f"{CHOOSE} 中没有找到登记读取方式的位置（from crawler.readers import … 一行和"
            f" READERS 元组）：请自行登记 {name}"
        )
    names = [alias.name for alias in imports.names]
    if name in names:
        raise SettingsError(f"{CHOOSE} 中已登记 {name}：请换一个名称")
    lines = source.splitlines()
    lines.insert(at - 1, f"    Reader({name}.NAME, {name}.recognise, {name}.read),")
    end = imports.end_lineno or imports.lineno
    lines[imports.lineno - 1 : end] = _import_lines(sorted([*names, name]))
    return "\n".join(lines) + "\n"


def _imports_readers(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "crawler.readers"


def _elements(tree: ast.Module) -> list[ast.expr]:
    """The entries of the literal tuple READERS."""
    for node in tree.body:
        match node:
            case ast.AnnAssign(target=ast.Name(id="READERS"), value=ast.Tuple(elts=entries)):
                return entries
    return []


def _first_name(element: ast.expr) -> str:
    if isinstance(element, ast.Call) and element.args and isinstance(element.args[0], ast.Name):
        return element.args[0].id
    return ""


def _import_lines(names: list[str]) -> list[str]:
    line = f"from crawler.readers import {', '.join(names)}"
    if len(line) <= LINE:
        return [line]
    return ["from crawler.readers import (", *(f"    {name}," for name in names), ")"]


def listed(source: str, name: str) -> str:
    """`fields.py` with the reader among the words that the register takes, before the generic."""
    for node in ast.parse(source).body:
        words = _words(node)
        if words is None or "home" not in words:
            continue
        if name in words:
            raise SettingsError(f"{FIELDS} 中已登记 {name}：请换一个名称")
        at = words.index("home")
        lines = source.splitlines()
        lines[node.lineno - 1 : node.end_lineno] = _word_lines([*words[:at], name, *words[at:]])
        return "\n".join(lines) + "\n"
    raise SettingsError(
        f'{FIELDS} 中没有找到 READERS = "…".split() 一行：请自行把 {name} 加入读取方式'
    )


def _words(node: ast.stmt) -> list[str] | None:
    """The words of `READERS = "…".split()`."""
    match node:
        case ast.Assign(
            targets=[ast.Name(id="READERS")],
            value=ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="split")),
        ):
            return text.split()
    return None


def _word_lines(words: list[str]) -> list[str]:
    line = f'READERS = "{" ".join(words)}".split()'
    if len(line) <= LINE:
        return [line]
    whole = f'    "{" ".join(words)}"'
    if len(whole) <= LINE:
        return ["READERS = (", whole, ").split()"]
    half = len(words) // 2
    first, second = " ".join(words[:half]), " ".join(words[half:])
    return ["READERS = (", f'    "{first} "', f'    "{second}"', ").split()"]


def write(root: Path, files: Mapping[Path, bytes]) -> None:
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
