"""Missing programs are installed where that is allowed, and never passed over in silence."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests import system

SCRIPT = Path(__file__).with_name("debian.sh")
TOOLS = ("sh", "cat", "tail", "rm", "mktemp", "mkdir")


def program(folder: Path, name: str, says: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{says}\n")
    path.chmod(0o755)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The only place where programs are found: all but a browser, and a user who is root."""
    for name in TOOLS:
        found = shutil.which(name)
        assert found is not None
        (tmp_path / name).symlink_to(found)
    program(tmp_path, "id", "echo 0")
    program(tmp_path, "fc-list", "echo a font")
    for name in system.PACKAGES.keys() - {"chromium"}:
        program(tmp_path, name, "true")
    return tmp_path


def run(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", str(SCRIPT)],
        env={"PATH": str(folder), "ROOT": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_is_done_or_said_when_all_is_there(folder: Path) -> None:
    program(folder, "chromium", "true")
    program(folder, "apt-get", "exit 9")
    done = run(folder, CI="true")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_root_installs_what_is_missing_once(folder: Path) -> None:
    log, browser = folder / "log", folder / "chromium"
    program(folder, "apt-get", f'echo "$@" >> {log}; : > {browser}; /bin/chmod +x {browser}')
    assert [run(folder).returncode, run(folder).returncode] == [0, 0]
    update, install = log.read_text().splitlines()
    assert update.endswith("update")
    assert install.endswith("install -y --no-install-recommends chromium")


def test_a_machine_without_a_chinese_font_gets_a_small_one(folder: Path) -> None:
    log = folder / "log"
    program(folder, "chromium", "true")
    program(folder, "fc-list", "true")
    lists = f'printf "#!/bin/sh\\necho a font" > {folder}/fc-list'
    program(folder, "apt-get", f'echo "$@" >> {log}; {lists}')
    assert run(folder).returncode == 0
    assert log.read_text().splitlines()[-1].endswith("fonts-wqy-zenhei")


def test_a_machine_without_postgresql_gets_it_and_no_server_that_runs(folder: Path) -> None:
    log, told = folder / "log", folder / "etc/postgresql-common/createcluster.d/tests-only.conf"
    program(folder, "chromium", "true")
    (folder / "initdb").unlink()
    where = folder / "usr/lib/postgresql/15/bin"
    brings = f"/bin/mkdir -p {where}; : > {where}/initdb; /bin/chmod +x {where}/initdb"
    program(folder, "apt-get", f'echo "$@" >> {log}; cat {told} >> {log}; {brings}')
    assert [run(folder).returncode, run(folder).returncode] == [0, 0]
    assert log.read_text().splitlines()[-2:] == [
        "-q install -y --no-install-recommends postgresql",
        "create_main_cluster = off",
    ]


def test_no_word_about_clusters_is_left_where_postgresql_is_there(folder: Path) -> None:
    program(folder, "apt-get", "true")
    run(folder)
    assert not (folder / "etc").exists()


@pytest.mark.parametrize("user", ["0", "1000"])
def test_what_cannot_be_installed_is_named_and_fails_only_in_ci(folder: Path, user: str) -> None:
    program(folder, "id", f"echo {user}")
    program(folder, "apt-get", "echo no network >&2; exit 100")
    at_home, in_ci = run(folder), run(folder, CI="true")
    assert (at_home.returncode, in_ci.returncode) == (0, 1)
    assert "Missing Debian packages: chromium" in at_home.stderr
    assert ("no network" in at_home.stderr) is (user == "0")


def test_a_test_without_its_program_is_left_out_by_name_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("CI", "")
    with pytest.raises(pytest.skip.Exception, match="chromium is missing"):
        system.needs("chromium")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="chromium is missing"):
        system.needs("chromium")


def test_every_need_of_the_tests_is_in_the_list_that_is_installed() -> None:
    listed = {line.partition(" ")[0] for line in SCRIPT.read_text().splitlines()}
    assert set(system.PACKAGES) <= listed
