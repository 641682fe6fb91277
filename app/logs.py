"""How commands and the service log: the `[log]` section of settings.toml.

A command's log goes to stderr, where its user looks. The service's goes to stderr too, for the
journal, or to a file that the service itself turns over: it is the only one that does.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from storage.logs import Form, Logging, begin

MIB = 2**20


class LogSection(BaseModel):
    """`level` is that of the service's own words. `file` is below the home directory unless it is
    an absolute path; empty: stderr. It grows to `max_mib`, and `keep` older ones stay."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Form = "text"
    level: Literal["debug", "info", "warning", "error"] = "info"
    file: str = ""
    max_mib: Annotated[int, Field(ge=1, le=1024)] = 10
    keep: Annotated[int, Field(ge=1, le=100)] = 10


def log_of_a_command(section: LogSection) -> None:
    """From now on warnings go to stderr, in the form that is set."""
    begin(Logging(form=section.format))


def log_of_the_service(section: LogSection, home: Path) -> None:
    """From now on the service's own words go where settings say. Raises OSError."""
    file = str(home / section.file) if section.file else ""
    level = section.level.upper()
    begin(Logging(section.format, level, file, section.max_mib * MIB, section.keep))
