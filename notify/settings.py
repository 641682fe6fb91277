"""The [mail] section of settings.toml. The password is never in a file: the caller passes it."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from storage.cells import is_address

Security = Literal["ssl", "starttls", "none"]
UnitAlerts = Literal["none", "confirmed", "all"]

PORTS: dict[Security, int] = {"ssl": 465, "starttls": 587, "none": 25}


class MailSection(BaseModel):
    """How mail leaves, and to whom. No host: messages are written to the outbox folder.

    `operator` empty: the office's addresses serve. `unit_alerts` says which findings units
    hear of by themselves; early warnings of their own subjects they always get.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Security = "starttls"
    username: str | None = None
    sender: str = "xunjian@localhost"
    office: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    unit_alerts: UnitAlerts = "confirmed"

    @field_validator("sender", "office", "operator")
    @classmethod
    def _addresses(cls, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for address in (value,) if isinstance(value, str) else value:
            if not is_address(address):
                raise ValueError(f"{address!r}：应为电子邮箱地址，如 office@example.gov.cn")
        return value

    @property
    def service_port(self) -> int:
        """The port to dial: the one set, else the usual one of `security`."""
        return self.port or PORTS[self.security]

    @property
    def sender_domain(self) -> str:
        return self.sender.rpartition("@")[2]
