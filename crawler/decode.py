"""From the bytes of an answer to text, whatever its headers claim."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(r"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""")
_META_BYTES = 2048
_CHINESE_SUBSETS = frozenset({"gb2312", "gbk", "gb18030", "hz", "euc_cn"})
_CHINESE = re.compile("[\u3001-\u303f\u4e00-\u9fff]")
_MOSTLY = 3
# A one-byte charset decodes anything strictly, so declaring one proves nothing here; the others are
# no charset of the web, and make half characters of plain ones.
_PROVES_NOTHING = frozenset(
    {"iso8859-1", "cp1252", "ascii", "latin_1", "utf-7", "unicode-escape", "raw-unicode-escape"}
)


@lru_cache(maxsize=2)
def decode(body: bytes, content_type: str = "") -> str:
    """What text did the server mean to send?

    Trusts, in this order: the byte order mark; UTF-8 that gives Chinese characters, which
    other charsets do not give by chance; the charset of the header, then of the first 2 kB, when
    the body obeys it (gb2312 and gbk are read as gb18030); UTF-8; else gb18030 with replacement
    characters. A character cut off at the very end is forgiven. Never raises.
    """
    return _decoded(body, content_type)[0]


def charset_of(body: bytes, content_type: str = "") -> tuple[str, int]:
    """In which charset does `decode` read this body, and how long is its byte order mark?"""
    _, charset, mark = _decoded(body, content_type)
    return charset, mark


def _decoded(body: bytes, content_type: str) -> tuple[str, str, int]:
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, errors="replace"), encoding, len(mark)
    try:
        unicode: str | None = body.decode("utf-8")
    except UnicodeDecodeError:
        unicode = _strict(body, "utf-8")
    if unicode is not None and _CHINESE.search(unicode):
        return unicode, "utf-8", 0
    mostly = _mostly_utf8(body) if unicode is None else None
    if mostly is not None:
        return mostly, "utf-8", 0
    for encoding in _declared(body, content_type):
        text = _strict(body, encoding)
        if text is not None:
            return text, encoding, 0
    return (unicode, "utf-8", 0) if unicode is not None else (*_least_damaged(body), 0)


def _declared(body: bytes, content_type: str) -> list[str]:
    """Charsets claimed by the header, the meta tags and the XML declaration, known ones only."""
    head = body[:_META_BYTES].decode("latin-1")
    claims = _CHARSET.findall(content_type) + _CHARSET.findall(head) + _XML_ENCODING.findall(head)
    known = (_known(claim) for claim in claims)
    return list(dict.fromkeys(name for name in known if name))


def _known(claim: str) -> str | None:
    try:
        name = codecs.lookup(claim).name
    except LookupError:
        return None
    if name in _CHINESE_SUBSETS:
        return "gb18030"
    # UTF-16 without a mark and with a readable ASCII declaration contradicts itself.
    if name in _PROVES_NOTHING or name.startswith(("utf-16", "utf-32")):
        return None
    return name


def _strict(body: bytes, encoding: str) -> str | None:
    """The text when the body obeys this charset; an unfinished last character is dropped."""
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(body)
    except (UnicodeDecodeError, LookupError):
        return None
    except (ValueError, TypeError):  # codecs that are not text encodings, or odd error types
        return None


def _mostly_utf8(body: bytes) -> str | None:
    """UTF-8 with a strange part, such as an included foot in another charset, if it is that.

    Other charsets hardly ever give Chinese characters when read as UTF-8, but some texts in
    UTF-8 happen to obey GB 18030.
    """
    text = body.decode("utf-8", errors="replace")
    return text if len(_CHINESE.findall(text)) > _MOSTLY * text.count("\ufffd") else None


def _least_damaged(body: bytes) -> tuple[str, str]:
    """Mixed or cut bytes: the reading with fewer replacement characters, gb18030 on a tie."""
    chinese = body.decode("gb18030", errors="replace")
    unicode = body.decode("utf-8", errors="replace")
    if unicode.count("\ufffd") < chinese.count("\ufffd"):
        return unicode, "utf-8"
    return chinese, "gb18030"


def without_halves(text: str) -> str:
    """The text with half characters replaced, as JSON holds them where a title was cut short."""
    return text.encode(errors="replace").decode()
