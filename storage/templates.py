"""Which column of a file holds which field: guessed by its head, or written down as a template.

A template is `{kind}-{name}.toml` in the templates folder of the home directory:

    [columns]
    published = "发表时间"
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from storage.bounded import TOO_MUCH, within_memory
from storage.sheets import UploadError, plain_head, same_head, told_heads

Kind = Literal["posts", "letters"]

FOLDER = "templates"
NAME = re.compile(r"[\w-]{1,40}")
SYNONYMS = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True)
class Template:
    """`columns` gives the head of each field that the file has, in the order of the fields."""

    name: str
    kind: Kind
    columns: Mapping[str, str]


def fields_of(kind: Kind) -> dict[str, str]:
    """The fields of a kind, each with its Chinese name."""
    return {field: heads[0] for field, heads in _heads(kind).items()}


def heads_of(kind: Kind) -> frozenset[str]:
    """Every head that is known of a kind: what `read_sheet` looks for."""
    return frozenset(head for heads in _heads(kind).values() for head in heads)


def guess(kind: Kind, heads: Collection[str]) -> Template:
    """Which head stands for which field? Raises UploadError where two would do, or one is missing.

    A head that is not known is left aside.
    """
    known = {
        field: [head for head in heads if same_head(head) in set(map(same_head, names))]
        for field, names in _heads(kind).items()
    }
    words = fields_of(kind)
    faults = [
        f"{words[field]}（{field}）：{'、'.join(found)} 都可能是，请在模板 "
        f'{FOLDER}/{kind}-名称.toml 的 [columns] 中写明，如 {field} = "{found[0]}"，'
        "并用 --template 名称 指定（全部字段均须写入模板）"
        for field, found in known.items()
        if len(found) > 1
    ]
    faults += _missing(kind, [field for field, found in known.items() if found], heads)
    if faults:
        raise UploadError("表头", faults)
    return Template("", kind, {field: found[0] for field, found in known.items() if found})


def load(folder: Path, kind: Kind, name: str) -> Template:
    """The template of this name in the templates folder. Raises UploadError with every fault.

    Whether its heads are those of a file: `fit`.
    """
    path = _path(folder, kind, name)
    origin = f"{FOLDER}/{path.name}"
    try:
        with within_memory():
            data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except MemoryError:
        raise UploadError(origin, [TOO_MUCH]) from None
    except FileNotFoundError as error:
        raise UploadError(origin, [_no_such(folder, kind)]) from error
    except OSError as error:
        raise UploadError(origin, [f"模板无法读取：{error.strerror}"]) from error
    except (ValueError, RecursionError) as error:
        raise UploadError(origin, [f"不是合法的 TOML 文件：{error}"]) from error
    if faults := list(_faults(kind, data)):
        raise UploadError(origin, faults)
    written = data["columns"]
    ordered = [field for field in _heads(kind) if field in written]
    return Template(name, kind, {field: plain_head(written[field]) for field in ordered})


def fit(template: Template, heads: Collection[str]) -> Template:
    """The same template with the heads as this file writes them. Raises UploadError."""
    there = {same_head(head): head for head in heads}
    faults = [
        f"{fields_of(template.kind)[field]}（{field}）：文件中没有表头“{head}”，{_heads_are(heads)}"
        for field, head in template.columns.items()
        if same_head(head) not in there
    ]
    if faults:
        raise UploadError(f"模板 {template.name}", faults)
    columns = {field: there[same_head(head)] for field, head in template.columns.items()}
    return Template(template.name, template.kind, columns)


def save(folder: Path, template: Template) -> Path:
    """Write a template down and return its file. Raises UploadError for one that says otherwise.

    Raises OSError when the disk refuses.
    """
    path = _path(folder, template.kind, template.name)
    if path.exists():
        if load(folder, template.kind, template.name) != template:
            why = "已有同名模板，所写表头与本次不同；请另取名称，或先删除该文件"
            raise UploadError(f"{FOLDER}/{path.name}", [why])
        return path
    # JSON writes a text as TOML does, but for one character that TOML wants written out.
    lines = (
        f"{field} = {json.dumps(head, ensure_ascii=False)}"
        for field, head in template.columns.items()
    )
    text = "\n".join(["[columns]", *lines, ""]).replace("\x7f", "\\u007f")
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@cache
def _table(kind: Kind) -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(SYNONYMS.read_text(encoding="utf-8"))[kind]
    return table


def _heads(kind: Kind) -> dict[str, list[str]]:
    heads: dict[str, list[str]] = _table(kind)["heads"]
    return heads


def _path(folder: Path, kind: Kind, name: str) -> Path:
    if not NAME.fullmatch(name):
        why = "应为字母、数字、汉字、下划线或连字符，不超过40个字符"
        raise UploadError("模板", [f"名称 {name[:80]!r}：{why}"])
    return folder / f"{kind}-{name}.toml"


def _no_such(folder: Path, kind: Kind) -> str:
    names = sorted(path.stem.removeprefix(f"{kind}-") for path in folder.glob(f"{kind}-*.toml"))
    return f"没有这个模板。现有：{'、'.join(names) or '（无）'}"


def _faults(kind: Kind, data: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{key}：未知的键，应只有 [columns]" for key in data if key != "columns")
    columns = data.get("columns")
    if not isinstance(columns, dict):
        yield "应有一段 [columns]，每行写作 字段 = “表头”"
        return
    known = fields_of(kind)
    seen: dict[str, str] = {}
    for field, head in columns.items():
        if field not in known:
            yield f"{field}：未知的字段，应为 {'、'.join(f'{f}（{w}）' for f, w in known.items())}"
        elif not isinstance(head, str) or not plain_head(head):
            yield f"{field}：{head!r}，应为文件中的一个表头"
        elif same_head(head) in seen:
            yield f"{field}：表头“{head}”已用于 {seen[same_head(head)]}，每个字段应各有一个表头"
        else:
            seen[same_head(head)] = field
    yield from _missing(kind, columns, ())


def _missing(kind: Kind, there: Collection[str], heads: Collection[str]) -> list[str]:
    required: Sequence[str | list[str]] = _table(kind)["required"]
    words = fields_of(kind)
    faults = []
    for each in required:
        fields = [each] if isinstance(each, str) else each
        if not set(fields) & set(there):
            named = " 或 ".join(f"{words[field]}（{field}）" for field in fields)
            faults.append(f"缺少 {named}" + (f"，{_heads_are(heads)}" if heads else ""))
    return faults


def _heads_are(heads: Collection[str]) -> str:
    return f"文件的表头为：{told_heads(heads)}"
