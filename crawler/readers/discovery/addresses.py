"""What an address tells of its page before anybody looks: article, pager, file, service page."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit, urlunsplit

_INDEX = re.compile(r"/(?:index|default|home)\.(?:s?html?|jspx?|aspx?|php)\Z", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^/?#]{0,100}", re.IGNORECASE)
_BLANK = re.compile(r"\s")
_NOISE = frozenset({"from", "spm", "v", "t", "ver", "version", "timestamp", "_", "wscckey"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_PUBLIC_SUFFIXES = frozenset("gov com org net edu ac mil".split())

_ARTICLE = re.compile(
    r"/t\d{6,8}(?:_\d{1,10}){0,3}\.s?html?\Z"  # TRS
    r"|/content/[0-9a-f-]{32,36}\.s?html?\Z|/[0-9a-f]{32}\.s?html?\Z"  # TrueCMS, UCAP
    r"|/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?:\.s?html?)?\Z"
    r"|/(?:post|content|art|article|info|news|detail|show|view)[_-]\d{3,20}(?:_\d{1,12})?\.s?html?\Z"
    r"|/art/(?:19|20)\d\d/|/info/\d{1,8}/\d{1,10}\.s?html?\Z"  # Hanweb, VSB
    r"|/(?:content|article|public/content|contents/\d{1,10}|content/article|show|detail|view)"
    r"/\d{3,20}(?:\.s?html?)?\Z"
    r"|/(?:19|20)\d\d[-/]?(?:0?[1-9]|1[0-2])(?:[-/]?[0-3]?\d)?/[^/]{0,80}\d[^/]{0,80}\.s?html?\Z"
    r"|/(?:19|20)\d\d/[A-Z]{6,10}_\d{4}/\d{1,12}\.s?html?\Z"  # 常州
    r"|/(?:article|content|news_?(?:show|detail|view|info)|show|detail|view)\.(?:jspx?|aspx?|php|do)\Z",
    re.IGNORECASE,
)
_ARTICLE_KEYS = frozenset(
    "articleid newsid infoid contentid docid article_id news_id info_id content_id msgid "
    "transactid sq_id letterid".split()
)
_PAGER = re.compile(
    r"/(?:index|list|default|[a-z]{2,20}_list)[_-]\d{1,5}\.s?html?\Z|/page[_/-]?\d{1,5}(?:\.s?html?)?/?\Z",
    re.IGNORECASE,
)
_PAGER_KEYS = frozenset("page pageindex pageno pagenum currentpage curpage cur_page p".split())
_FILE = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|ofd|zip|rar|7z|gz|tar|txt|csv|jpe?g|png|gif|bmp|webp|svg"
    r"|ico|mp[34]|wav|avi|flv|wmv|mov|m3u8|apk|ipa|exe|css|js|json|xml|rss|atom)\Z",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"/(?:search|sousuo|so|login|logon|signin|register|reg|logout|user|usercenter|print|admin|wza"
    r"|captcha|rss|api|calendar|english|en|tags?)(?:[/._?-]|\Z)",
    re.IGNORECASE,
)
_DAY_KEYS = frozenset("date day month year ym d".split())


def canonical(url: str) -> str:
    """The address as it is asked for and kept: no fragment, default port, session or noise.

    A fragment that names a column (`/gkmlpt/index#123`) stays. A port that is no
    number leaves the address as it is: nothing will be found there.
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").lower()
    shown = f"[{host}]" if ":" in host else host
    netloc = shown if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f"{shown}:{port}"
    path = _SESSION.sub("", parts.path) or "/"
    # Word for word: a query may be percent-encoded in a charset that only its server knows.
    query = "&".join([pair for pair in parts.query.split("&") if _says(pair.partition("=")[0])])
    fragment = parts.fragment if parts.fragment.isdecimal() and "gkmlpt" in path else ""
    return _BLANK.sub("%20", urlunsplit((parts.scheme.lower(), netloc, path, query, fragment)))


def _says(key: str) -> bool:
    return key.lower() not in _NOISE


def same_place(url: str) -> str:
    """What is the same for all addresses of one page: scheme and index file do not matter."""
    parts = urlsplit(canonical(url))
    return urlunsplit(("", parts.netloc, _INDEX.sub("/", parts.path), parts.query, parts.fragment))


def registrable(url: str) -> str:
    """Under which name is this host registered: `haian.gov.cn` for `www.haian.gov.cn`?

    A numeric address stands for itself, whatever the port.
    """
    host = (urlsplit(url).hostname or "").lower().rstrip(".")
    try:
        return str(ip_address(host))
    except ValueError:
        labels = host.split(".")
    national = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _PUBLIC_SUFFIXES
    return ".".join(labels[-3 if national else -2 :])


def is_article_address(url: str) -> bool:
    """Do addresses of this shape belong to single items?"""
    parts = urlsplit(url)
    keys = {key.lower() for key, _ in parse_qsl(parts.query)}
    return bool(_ARTICLE.search(parts.path)) or bool(keys & _ARTICLE_KEYS)


def is_useless_address(url: str) -> bool:
    """Is there no column at this address: a file, a further page, a search, login or calendar?"""
    parts = urlsplit(url)
    keys = {key.lower() for key, _ in parse_qsl(parts.query)}
    return (
        bool(_FILE.search(parts.path))
        or bool(_PAGER.search(parts.path))
        or bool(_SERVICE.search(parts.path))
        or bool(keys & (_PAGER_KEYS | _DAY_KEYS))
        or len(url) > 500
    )
