"""The fields of the yearly form, in its order, read from `form.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

FORM = Path(__file__).parent / "form.toml"
SECTIONS = (
    *("基本信息", "信息发布", "专栏专题", "解读回应", "办事服务", "互动交流", "安全防护"),
    *("移动新媒体", "创新发展"),
)


@dataclass(frozen=True, slots=True)
class FormField:
    """One line of the form. `fill` names the figure that fills it, None: a person does.

    `each` is the box of accounts for each of which the line stands. `confidence` A: the field's
    name is confirmed by two public sources; C: it is not.
    """

    section: str
    name: str
    confidence: str
    group: str = ""
    unit: str = ""
    fill: str | None = None
    each: str | None = None


@dataclass(frozen=True, slots=True)
class FormTable:
    title: str
    clause: str
    fields: tuple[FormField, ...]


def form_table(text: str | None = None) -> FormTable:
    """The form. Raises ValueError naming every row at fault: no field is lost in silence."""
    data = tomllib.loads(FORM.read_text(encoding="utf-8") if text is None else text)
    known = {each.name for each in fields(FormField)}
    faults = []
    for number, row in enumerate(data["field"], 1):
        where = f"form.toml: field {number} ({row.get('name', 'no name')})"
        faults += [f"{where}: unknown field {name}" for name in sorted(row.keys() - known)]
        faults += [
            f"{where}: missing {name}"
            for name in ("section", "name", "confidence")
            if name not in row
        ]
        if row.get("section", SECTIONS[0]) not in SECTIONS:
            faults.append(f"{where}: section: {row['section']!r}; expected one of {SECTIONS}")
        if row.get("confidence", "A") not in ("A", "C"):
            faults.append(f"{where}: confidence: {row['confidence']!r}; expected A or C")
    if faults:
        raise ValueError("\n".join(faults))
    return FormTable(
        data["title"], data["clause"], tuple(FormField(**row) for row in data["field"])
    )
