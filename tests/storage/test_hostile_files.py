"""What a stranger hands in may be made to cost much: refused in words, its cost bounded."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from storage import bounded
from storage.bounded import within_memory
from storage.workbook import WorkbookError, opened_workbook
from tests.app.run import called
from tests.storage.hostile_files import FILES, MEMORY, STRINGS, declared, workbook

MOST_HELD = 400  # MiB


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every file read by a fresh process: only there is the most that was held one file's."""
    folder = tmp_path_factory.mktemp("hostile")
    subprocess.run([sys.executable, "-m", "tests.storage.hostile_files", str(folder)], check=True)
    return folder


@pytest.mark.parametrize("name", FILES)
def test_a_file_made_to_cost_much_is_refused_in_words_within_bounded_memory(
    name: str, folder: Path
) -> None:
    told = (folder / f"{name}.told").read_text(encoding="utf-8")
    held = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    head, line = told.splitlines()
    assert name in head
    assert "未载入" in head or "未导入任何内容" in head
    assert FILES[name][1] in line
    assert held["status"] == 0
    assert held["mib"] < MOST_HELD


def test_nothing_of_a_register_is_loaded_where_a_part_of_it_is_hostile(tmp_path: Path) -> None:
    register = tmp_path / "登记册.xlsx"
    home = tmp_path / "home"
    register.write_bytes(workbook({STRINGS: declared()}))
    assert called("init", home=home).code == 0
    refused = called("inventory", "import-xlsx", str(register), home=home)
    assert (refused.code, refused.out) == (2, "")
    assert "未载入，原有登记册保持不变" in refused.err
    assert called("status", "--format", "json", home=home).out.count('"id"') == 0


READER = """
import sys
from pathlib import Path
from storage import bounded
from storage.sheets import UploadError, read_sheet

bounded.MOST_MIB = 30
try:
    read_sheet(Path(sys.argv[1]))
except UploadError as refused:
    print(refused)
"""


def test_a_table_of_too_many_rows_is_refused_before_memory_runs_out(tmp_path: Path) -> None:
    csv = tmp_path / "导出.csv"
    csv.write_text("标题,发布时间\n" + "示例,2026-11-20\n" * 180_000, encoding="utf-8")
    # A fresh process: one that has run for long may hold enough that it has given up.
    told = subprocess.run(
        [sys.executable, "-c", READER, str(csv)], check=True, capture_output=True, text=True
    )
    assert MEMORY in told.stdout


def test_the_bound_is_lifted_again_and_told_whoever_met_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = resource.getrlimit(resource.RLIMIT_DATA)
    monkeypatch.setattr(bounded, "MOST_MIB", 30)
    with pytest.raises(MemoryError), within_memory():
        bytearray(60 * 2**20)
    with pytest.raises(WorkbookError, match=MEMORY), opened_workbook(workbook({})):
        bytearray(60 * 2**20)
    assert resource.getrlimit(resource.RLIMIT_DATA) == before
    assert len(bytearray(60 * 2**20)) == 60 * 2**20
