"""Looking at documents: what is missing for it is said, and every command is one that there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import GROUPS
from tests import look


def test_without_libreoffice_the_documents_are_written_and_it_is_said_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def written(home: Path, *arguments: str) -> None:
        (tmp_path / arguments[-1] / "a.docx").write_bytes(b"")

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(look, "COMMANDS", (("weekly", ("report", "weekly", "{out}")),))
    monkeypatch.setattr(look, "_xunjian", written)
    assert look.main(["--home", str(tmp_path), "--out", str(tmp_path / "look")]) == 1
    told = capsys.readouterr()
    assert told.out == f"{tmp_path / 'look' / 'weekly' / 'a.docx'}\n"
    assert told.err.splitlines() == [
        "LibreOffice (soffice) is not installed: no pages were printed.",
        "poppler-utils (pdftoppm) is not installed: no pages were printed.",
    ]


def test_every_command_that_is_looked_at_exists() -> None:
    for _, (group, name, *_) in (*look.COMMANDS, *look.DEMO_ONLY):
        assert group == "findings" or name in GROUPS[group][1]


def test_every_report_is_looked_at() -> None:
    looked = {name for _, (group, name, *_) in look.COMMANDS if group == "report"}
    assert looked == set(GROUPS["report"][1])
