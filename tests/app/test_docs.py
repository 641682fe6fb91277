"""What the documents promise exists."""

from __future__ import annotations

import re
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from typer.main import get_command

from app.cli import app, home_first
from app.docs import rules_markdown
from app.settings import Settings, load_settings
from app.starter import SETTINGS
from crawler.readers.choose import AUTO
from crawler.readers.choose import READERS as BY_EVIDENCE
from storage.database import REVISION
from storage.fields import READERS as IN_REGISTER

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]


def commands() -> set[str]:
    root = get_command(app)
    names: set[str] = set()
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        names.add(name)
        names |= {f"{name} {inner}" for inner in getattr(command, "commands", {})}
    return names


def test_every_command_the_documents_name_exists() -> None:
    known = commands()
    groups = {name.split()[0] for name in known if " " in name}
    named = set()
    for document in DOCUMENTS:
        for first, second in re.findall(
            r"(?:`|^)xunjian ([a-z-]+)(?: ([a-z-]+))?", document.read_text("utf-8"), re.M
        ):
            named.add(f"{first} {second}" if first in groups else first)
    assert {"cycle", "inventory validate", "inventory export-xlsx", "report weekly"} <= named
    assert named - known == set()


def test_every_make_target_the_documents_name_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    named = set()
    for document in DOCUMENTS:
        named |= set(re.findall(r"(?:`|^)make ([a-z-]+)", document.read_text("utf-8"), re.M))
    assert {"demo", "test", "docs"} <= named
    assert named - targets == set()


def test_the_rule_tables_are_those_of_the_packs() -> None:
    assert (ROOT / "docs" / "rules.md").read_text(encoding="utf-8") == rules_markdown()


def test_the_settings_that_init_writes_are_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(SETTINGS, encoding="utf-8")
    assert load_settings(path) == Settings()


def test_the_register_knows_every_reader() -> None:
    assert set(IN_REGISTER) == {AUTO, *(reader.name for reader in BY_EVIDENCE)}


def test_the_newest_migration_is_the_one_the_database_expects() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "storage" / "migrations"))
    assert ScriptDirectory.from_config(config).get_current_head() == REVISION


def test_home_may_stand_before_or_after_the_command() -> None:
    wanted = ["--home", "d", "status", "--format", "json"]
    assert home_first(["status", "--format", "json", "--home", "d"]) == wanted
    assert home_first(["status", "--home", "d", "--format", "json"]) == wanted
    assert home_first(wanted) == wanted
    assert home_first(["status", "--home=d"]) == ["--home=d", "status"]
    assert home_first(["read", "--", "--home"]) == ["read", "--", "--home"]


def test_the_constraints_hold_versions_only() -> None:
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.!+]+", line), line
