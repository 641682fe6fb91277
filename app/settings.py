"""What may be set, and how is it read: one file, overridden by the environment, no surprises."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any

from apscheduler.triggers.cron import CronTrigger
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.logs import LogSection
from app.workers.section import WorkersSection
from crawler.links_settings import LinksSection
from crawler.settings import CrawlSection, ProbeSection, TextSection, WechatSection
from notify.robots import Robot, configured
from notify.settings import ChatSection, MailSection
from storage.ledger.keeping import LEAST


class SettingsError(ValueError):
    """The configuration cannot be used: which file or variable, which key, what was expected."""


class ScheduleSection(BaseModel):
    """When tasks run, as cron lines in Asia/Shanghai; an empty one: never by itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cycle: str = "30 7 * * *"
    weekly: str = "30 8 * * mon"
    probe: str = "10,40 * * * *"
    deliver: str = "*/10 * * * *"
    quarterly: str = "0 9 1 1,4,7,10 *"
    halfyear: str = "30 9 1 1,7 *"
    upkeep: str = "30 2 * * *"
    dispatch: str = "* * * * *"  # where [workers] are enabled

    @field_validator("*")
    @classmethod
    def _cron(cls, value: str) -> str:
        if value.strip():
            CronTrigger.from_crontab(value)
        return value.strip()

    @property
    def lines(self) -> Mapping[str, str]:
        """The cron line of each task that runs by itself, by its name."""
        return {name: line for name, line in self.model_dump().items() if line}


class ServiceSection(BaseModel):
    """How others learn that the service is alive.

    Without a cycle that succeeded for `silent_hours` the operator is told by mail. `ping` is an
    address that is asked after each cycle that succeeded: whoever waits there misses it when this
    machine is down and can tell nobody.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    silent_hours: Annotated[int, Field(ge=1, le=24 * 31)] = 26
    ping: str = ""

    @field_validator("ping")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("应为 http:// 或 https:// 开头的地址")
        return value


class RulesSection(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    packs: tuple[str, ...] = ("haian",)


class AssessmentSection(BaseModel):
    """By which scheme units are assessed, and to which office the scores go (empty: to none)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: str = "haian-default"
    reported_to: str = "市目标绩效考核办"


class OfficeSection(BaseModel):
    """Who issues notices (发文机关). No `name`: they are signed 办公室, and have no red head."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    red_head: bool = False
    signed_by: str = ""
    contact: str = ""

    @model_validator(mode="after")
    def _named(self) -> OfficeSection:
        if self.red_head and not self.name.strip():
            raise ValueError("red_head = true 时须填写 name（发文机关全称）")
        return self

    @property
    def head(self) -> str | None:
        """The authority's name over the red line, None: a document without it."""
        return self.name.strip() if self.red_head else None

    @property
    def signature(self) -> str:
        return self.signed_by.strip() or self.name.strip() or "办公室"


Days = Annotated[int, Field(ge=LEAST.days, le=36_500)]


class KeepSection(BaseModel):
    """For how many days evidence, the texts of mails, and who came in from where are kept, and how
    large evidence/ may be.

    `pages` are articles, links and services beside a subject's own pages; `findings` counts from
    a finding's end. What any record rests on stays whatever is set here.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    columns: Days = 730
    sites: Days = 730
    mailboxes: Days = 730
    accounts: Days = 730
    pages: Days = 400
    findings: Days = 730
    mails: Days = 730
    entrances: Days = 200  # 网络安全法 第二十一条: at least six months
    budget_gib: Annotated[float, Field(gt=0)] | None = None


class WebSection(BaseModel):
    """Where the pages are, and which reverse proxies are believed.

    `login_header` is the header in which the proxy names whom it has made sure of; empty: nobody
    comes in without a password. It counts from `trusted_proxies` alone, addresses or networks, as
    all that a proxy says of a browser does.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = 8765
    login_header: Annotated[str, Field(pattern="^([A-Za-z0-9-]{1,64})?$")] = ""
    trusted_proxies: tuple[str, ...] = ()

    @field_validator("trusted_proxies")
    @classmethod
    def _proxies(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if any(ip_network(each).prefixlen == 0 for each in value):
            raise ValueError("不能信任所有地址，请写明反向代理的地址")
        return value

    @model_validator(mode="after")
    def _believed(self) -> WebSection:
        if self.login_header and not self.trusted_proxies:
            raise ValueError(
                "设置 login_header 时须填写 trusted_proxies（反向代理的地址，"
                '如 ["127.0.0.1"]），否则任何人都能冒用他人的登录名'
            )
        return self

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(map(ip_network, self.trusted_proxies))


class Settings(BaseSettings):
    """settings.toml; any key can be overridden by `XUNJIAN_SECTION__KEY`."""

    model_config = SettingsConfigDict(
        env_prefix="XUNJIAN_", env_nested_delimiter="__", extra="forbid", frozen=True
    )
    crawl: CrawlSection = CrawlSection()
    probe: ProbeSection = ProbeSection()
    links: LinksSection = LinksSection()
    text: TextSection = TextSection()
    wechat: WechatSection = WechatSection()
    mail: MailSection = MailSection()
    chat: ChatSection = ChatSection()
    schedule: ScheduleSection = ScheduleSection()
    service: ServiceSection = ServiceSection()
    rules: RulesSection = RulesSection()
    assessment: AssessmentSection = AssessmentSection()
    office: OfficeSection = OfficeSection()
    keep: KeepSection = KeepSection()
    web: WebSection = WebSection()
    log: LogSection = LogSection()
    workers: WorkersSection = WorkersSection()

    @property
    def lines(self) -> Mapping[str, str]:
        """The cron line of each task that runs by itself here, by its name."""
        lines = self.schedule.lines
        shared = self.workers.enabled
        return {name: line for name, line in lines.items() if shared or name != "dispatch"}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (env_settings, init_settings)


def robots_of(settings: Settings) -> tuple[Robot, ...]:
    """Which group robots are told?"""
    return configured(settings.chat, os.environ)


def load_settings(path: Path) -> Settings:
    """Read settings.toml (absent: all defaults). Raises SettingsError naming every key at fault."""
    try:
        data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        data = {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}：不是合法的 TOML 文件：{error}") from error
    try:
        return Settings(**data)
    except ValidationError as error:
        lines = [
            f"{'.'.join(map(str, fault['loc']))}：{fault['msg']}（所给为 {fault['input']!r}）"
            for fault in error.errors()
        ]
        raise SettingsError("\n".join([f"{path}：设置有误：", *lines])) from error
