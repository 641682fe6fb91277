"""Where does everything of one installation lie, and how is it opened?"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from app.settings import Settings, SettingsError, load_settings
from checks.calendar import CalendarError, load_calendar
from checks.escalation import EscalationError, Rung, load_rungs
from checks.marks import Term
from checks.rectification import Terms, TermsOfRectificationError, load_terms
from checks.rules import Law, RuleError, pack_texts, read_law
from checks.terms import TermsError, read_terms
from storage.database import connect, sqlite_url
from storage.ledger import Ledger

DEFAULT_HOME = "xunjian-home"


class Home:
    """One installation: where everything lies, and how to open it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.absolute()

    @classmethod
    def at(cls, given: Path | None) -> Home:
        """`--home`, else $XUNJIAN_HOME, else ./xunjian-home."""
        return cls(given or Path(os.environ.get("XUNJIAN_HOME") or DEFAULT_HOME))

    def path(self, *parts: str) -> Path:
        return self.folder.joinpath(*parts)

    @property
    def database_url(self) -> str:
        """$XUNJIAN_DATABASE_URL, else the SQLite file in the home directory."""
        inner = sqlite_url(self.path("xunjian.db"))
        return os.environ.get("XUNJIAN_DATABASE_URL") or inner

    @property
    def mail_password(self) -> str | None:
        return os.environ.get("XUNJIAN_MAIL_PASSWORD") or None

    def settings(self) -> Settings:
        return load_settings(self.path("settings.toml"))

    def open_ledger(self) -> Ledger:
        """Open the database, creating it on first use. Raises DatabaseError, SettingsError."""
        if not self.folder.is_dir():
            raise SettingsError(
                f"目录 {self.folder} 不存在。请先运行 xunjian init，或用 --home 指明已有的目录。"
            )
        return Ledger.open(self.database_url, self.path("evidence"))

    def reopen_ledger(self) -> Ledger:
        """Open the database once more in a process that has done so before.

        A newer program may have brought the tables up since: they only ever gain, and this process
        goes on with them until it is started anew.
        """
        return Ledger(connect(self.database_url), self.path("evidence"))

    def pack_texts(self, settings: Settings) -> dict[str, str]:
        return pack_texts(settings.rules.packs, self.path("packs"))

    def law(self, settings: Settings) -> Law:
        """The law in force today. Raises SettingsError naming pack or holiday file at fault."""
        try:
            calendar = load_calendar([self.path("holidays")])
            return read_law(self.pack_texts(settings), calendar)
        except (RuleError, CalendarError) as error:
            raise SettingsError(str(error)) from error

    def rectification(self) -> Terms:
        """How long units have to rectify. Raises SettingsError naming file and field."""
        try:
            return load_terms(self.folder)
        except TermsOfRectificationError as error:
            raise SettingsError(str(error)) from error

    def escalation(self) -> Sequence[Rung]:
        """Who hears of overdue demands. Raises SettingsError naming file and row."""
        try:
            return load_rungs(self.folder)
        except EscalationError as error:
            raise SettingsError(str(error)) from error

    def terms(self, settings: Settings) -> tuple[Term, ...]:
        """The office's term list, if there is one. Raises SettingsError naming file and line."""
        if not settings.text.terms:
            return ()
        path = self.path(settings.text.terms)
        if not path.resolve().is_relative_to(self.folder.resolve()):
            raise SettingsError(
                f"[text] terms：{path} 不在数据目录之内，应为 {self.folder} 下的文件"
            )
        try:
            return read_terms(path.read_text(encoding="utf-8"), f"词表 {path}")
        except OSError as error:
            raise SettingsError(f"词表 {path}：无法读取：{error.strerror}") from error
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise SettingsError(f"词表 {path} 第{line}行：应为 UTF-8 编码") from error
        except TermsError as error:
            raise SettingsError(str(error)) from error
