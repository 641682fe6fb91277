"""docs/schemes.md speaks of the grammar that the code reads, of all of it and of nothing else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from checks.scheme import BUNDLED, SchemeError, read_scheme
from checks.scheme_gates import SIGNS
from checks.scheme_table import CYCLES, LEVELS, PER, REDISTRIBUTIONS, UNIT_KINDS
from tests.checks.cases import TEN

DOC = (Path(__file__).parents[2] / "docs" / "schemes.md").read_text(encoding="utf-8")
KINDS = {
    "head": "The head",
    "section": "Sections (考核项目)",
    "item": "Items (评分项)",
    "gate": "Gates",
    "grade": "Grades",
}
FILES = [*BUNDLED.glob("*.toml"), *TEN.glob("*.toml")]


def chapter(kind: str) -> str:
    """The words below the heading of this kind of row."""
    _, _, after = DOC.partition(f"## {KINDS[kind]}")
    return after.partition("\n## ")[0]


def named(kind: str) -> set[str]:
    """Every field that the chapter writes as a table's first cell, or in running text."""
    text = chapter(kind)
    cells = re.findall(r"^\| ((?:`\w+` ?)+)\|", text, re.MULTILINE)
    rows = {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}
    if kind == "item":
        return rows | {"id", "name", "section", "per", "least", "blank"}
    return rows or set(re.findall(r"`(when|enables|set_to|grade|name|least)`", text))


def unknown(kind: str, name: str) -> bool:
    """Does the reader call this field unknown?"""
    rows = f"{name} = 1" if kind == "head" else f"[[{kind}]]\n{name} = 1"
    with pytest.raises(SchemeError) as raised:
        read_scheme(rows, "a.toml")
    return f"unknown field {name}" in str(raised.value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_the_document_is_read(kind: str) -> None:
    assert named(kind)
    assert [name for name in sorted(named(kind)) if unknown(kind, name)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_that_must_be_there_or_is_used_is_in_the_document(kind: str) -> None:
    where = "a.toml" if kind == "head" else f"a.toml: {kind} 1 \\(no id\\)"
    with pytest.raises(SchemeError) as raised:
        read_scheme("" if kind == "head" else f"[[{kind}]]", "a.toml")
    missing = set(re.findall(rf"^{where}: missing (\w+)", str(raised.value), re.MULTILINE))
    used = {name for path in FILES for row in tables(path, kind) for name in row}
    assert (missing | used) - (KINDS.keys() if kind == "head" else set()) <= named(kind)


def tables(path: Path, kind: str) -> list[dict[str, object]]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return [data] if kind == "head" else data.get(kind, [])


def test_every_word_that_a_field_may_hold_is_in_the_document() -> None:
    words = {*CYCLES, *LEVELS, *REDISTRIBUTIONS, *UNIT_KINDS, *PER, *SIGNS}
    words |= {per for pers in PER.values() for per in pers}
    assert [word for word in sorted(words) if f"`{word}`" not in DOC] == []


@pytest.mark.parametrize("source", PER)
def test_the_document_gives_each_source_the_counts_that_it_may_have(source: str) -> None:
    row = re.search(rf"^\| `{source}` \| ([^|]+) \|", chapter("item"), re.MULTILINE)
    assert row is not None
    assert tuple(re.findall(r"`(\w+)`", row[1])) == PER[source]
