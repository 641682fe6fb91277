"""No test of the rooms that keep something forgets one of the two databases."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
OPENS = re.compile(r"\b(open_ledger|Ledger\.open|home_in|make_home|begin\(Home)\b")
ASKS = re.compile(r"\bdatabase: str\b|usefixtures\(\"database\"\)|\bpg_url\b|mark\.sqlite\(")
FILES = [
    path
    for room in ("storage", "notify", "app", "app/service")
    for path in sorted((TESTS / room).glob("test_*.py"))
    if OPENS.search(path.read_text(encoding="utf-8"))
]
# What is read there does not depend on where the rows lie, and takes long.
ONCE = {"test_demo.py", "test_explain.py", "test_flags.py", "test_output_safety.py"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_opens_a_database_asks_for_both_or_says_why_not(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    shared = "ledger: Ledger" in text and "def ledger(" not in text  # the fixture of tests.both
    assert (ASKS.search(text) is not None or shared) is (path.name not in ONCE)
