"""The [mail] and [chat] sections of settings.toml. Secrets are in no file."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from notify.hours import Quiet
from notify.words import web_link
from storage.cells import is_address

Security = Literal["ssl", "starttls", "none"]
UnitAlerts = Literal["none", "confirmed", "all"]

PORTS: dict[Security, int] = {"ssl": 465, "starttls": 587, "none": 25}


class MailSection(BaseModel):
    """How mail leaves, and to whom. No host: messages are written to the outbox folder.

    `operator` empty: the office's addresses serve. `unit_alerts` says which findings units
    hear of by themselves; early warnings of their own subjects they always get. In `quiet` hours
    and on rest days digests wait; outages and what is the operator's do not.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str | None = None
    port: int | None = Field(default=None, ge=1, le=65535)
    security: Security = "starttls"
    username: str | None = None
    sender: str = "xunjian@localhost"
    office: tuple[str, ...] = ()
    operator: tuple[str, ...] = ()
    leader: tuple[str, ...] = ()
    unit_alerts: UnitAlerts = "confirmed"
    quiet: str = ""

    @field_validator("quiet")
    @classmethod
    def _hours(cls, value: str) -> str:
        Quiet.parse(value)
        return value

    @field_validator("sender", "office", "operator", "leader")
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

    @property
    def quiet_hours(self) -> Quiet | None:
        return Quiet.parse(self.quiet)


class ChatSection(BaseModel):
    """Which group robots are told, and where they are called. Tokens come from the environment."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    robots: tuple[Literal["wecom", "dingtalk", "feishu"], ...] = ()
    wecom_url: str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send"
    dingtalk_url: str = "https://oapi.dingtalk.com/robot/send"
    feishu_url: str = "https://open.feishu.cn/open-apis/bot/v2/hook"

    @field_validator("wecom_url", "dingtalk_url", "feishu_url")
    @classmethod
    def _web(cls, value: str) -> str:
        if web_link(value) is None or "?" in value:
            raise ValueError(f"{value!r}：应为 https:// 开头、不含参数的地址")
        return value
