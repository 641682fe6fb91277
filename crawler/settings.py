"""How we crawl: the `[crawl]` section of settings.toml, and what it means to Scrapy."""

from __future__ import annotations

import re
from importlib.metadata import version
from ipaddress import ip_network
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

MIB = 2**20
AGENT = "xunjian"  # the name by which a robots.txt speaks of us
RETRIES = 2
PER_HOST = 2  # requests of one host under way at once
SUBJECT_TIMEOUTS = 8  # a subject may take as long as so many timeouts, its turns not counted
SPIDER_MODULES = ["crawler.spiders"]  # for `scrapy list` and the like
HANDLERS = dict.fromkeys(("http", "https"), "crawler.download.BoundedHandler")


class CrawlSection(BaseModel):
    """Politeness and limits. `delay_seconds` is per host; `max_bytes` counts decompressed.

    `chromium` is the browser for columns that need one; empty: the one the system has.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    delay_seconds: Annotated[float, Field(ge=0, le=3600)] = 1.0
    concurrency: Annotated[int, Field(ge=1, le=256)] = 8
    timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 15
    max_bytes: Annotated[int, Field(ge=1024, le=1024 * MIB)] = 8 * MIB
    obey_robots: bool = True
    contact: str = ""
    allow_private_networks: tuple[str, ...] = ()
    chromium: str = ""

    @field_validator("allow_private_networks")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for network in value:
            ip_network(network, strict=False)
        return value

    @property
    def user_agent(self) -> str:
        """Who we say we are; the contact lets a site's operator reach the office."""
        name = f"xunjian/{version('xunjian')}"
        return f"{name} (+{self.contact})" if self.contact else name


class ProbeSection(BaseModel):
    """Probes of the sites. `check_hosts` are independent hosts, as `https://host/` or `host:port`.

    When none of them can be reached our own network is down; empty: that is not looked at.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    check_hosts: tuple[str, ...] = ()

    @field_validator("check_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            host_port(host)
        return value


def host_port(text: str) -> tuple[str, int]:
    """Host and port of `https://host/`, `http://host:8080` or `host:53`. Raises ValueError."""
    parts = urlsplit(text if "://" in text else f"//{text}")
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    if not parts.hostname or port is None or parts.scheme not in ("", "http", "https"):
        raise ValueError(f"{text!r}: expected an address such as https://host/ or host:port")
    return parts.hostname, port


class WechatSection(BaseModel):
    """The official interface of 公众号. `base_url` is where it lies, or a relay of the office.

    `lists_mass_sends` are the ids of accounts whose list the office has found to hold all their
    posts, 群发 too, which the public documentation does not say; only such a list may speak against
    a unit.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: str = "https://api.weixin.qq.com"
    lists_mass_sends: tuple[str, ...] = ()

    @field_validator("base_url")
    @classmethod
    def _address(cls, value: str) -> str:
        host = r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?"
        form = re.fullmatch(rf"(https?://{host})/?", value)
        if form is None:
            raise ValueError("应为不带路径的网址，如 https://api.weixin.qq.com")
        return form[1]


DEFAULT_WECHAT = WechatSection()
WECHAT = "WECHAT"  # the name of the section among the settings of Scrapy


class TextSection(BaseModel):
    """What texts are looked through for. `terms` is a term list below the home directory, empty:
    none; `articles` is how many articles are opened for it a day and site, 0: none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    terms: str = ""
    articles: Annotated[int, Field(ge=0, le=1000)] = 30


def scrapy_settings(section: CrawlSection) -> dict[str, Any]:
    """Scrapy's settings for one run: polite, bounded, honest, nothing listening."""
    guards = "crawler.guards."
    stock = "scrapy.downloadermiddlewares."
    return {
        "USER_AGENT": section.user_agent,
        "ROBOTSTXT_OBEY": section.obey_robots,
        "ROBOTSTXT_USER_AGENT": AGENT,
        "ROBOTSTXT_PARSER": "crawler.robots.BoundedRobots",
        "ALLOWED_NETWORKS": list(section.allow_private_networks),
        "DOWNLOAD_DELAY": section.delay_seconds,
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS": section.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": min(PER_HOST, section.concurrency),
        "DOWNLOAD_TIMEOUT": section.timeout_seconds,
        "DOWNLOAD_MAXSIZE": section.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": HANDLERS,
        "SUBJECT_SECONDS": SUBJECT_TIMEOUTS * section.timeout_seconds,
        "RETRY_TIMES": RETRIES,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        # None of Scrapy's own: two of them listen, and to load them takes a seventh of a start.
        "EXTENSIONS_BASE": {},
        "DOWNLOADER_MIDDLEWARES": {
            guards + "AddressGuard": 50,
            stock + "robotstxt.RobotsTxtMiddleware": None,
            guards + "NamedRobots": 100,
            stock + "httpcompression.HttpCompressionMiddleware": None,
            guards + "NamedCompression": 590,
            stock + "cookies.CookiesMiddleware": None,
            guards + "BoundedCookies": 700,
            stock + "redirect.RedirectMiddleware": None,
            guards + "NamedRedirects": 600,
            # Without a use here, and each is called four times a page.
            stock + "offsite.OffsiteMiddleware": None,
            stock + "httpauth.HttpAuthMiddleware": None,
            stock + "stats.DownloaderStats": None,
        },
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "zh-CN,zh;q=0.9",
            # A shared cache that calls an old list fresh would make a unit late.
            "Cache-Control": "max-age=0",
        },
        "LOG_LEVEL": "WARNING",
        "ITEM_PIPELINES": {"crawler.pipeline.LedgerPipeline": 100},
    }
