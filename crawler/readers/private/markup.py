"""Masks over the source of a page: its texts, words in attributes, and the data in its scripts.

Only what says something of a person is rewritten; every other character stays as it came, tags
and the addresses in them above all: by them the readers find letters again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape, unescape

from crawler.readers.private.addresses import without_persons
from crawler.readers.private.text import Masker, is_no_value
from crawler.readers.private.values import Values, values_of
from crawler.readers.private.words import MASK, Kind, kind_of_control, kind_of_key

_TAG = re.compile(r"""<[/!?]?[a-zA-Z](?:[^>=]++|=\s*+"[^"]*+"|=\s*+'[^']*+'|=)*+>""")
_RAW = re.compile(r"<(script|style)(?=[\s/>])", re.I)
_ENDS = {name: re.compile(rf"</{name}(?=[\s/>])", re.I) for name in ("script", "style")}
_CDATA = ("<![CDATA[", "]]>")
_ATTRIBUTE = re.compile(
    r"""(?P<head>[\s"'](?P<name>title|alt|value|content|placeholder|aria-label|data-[\w-]{1,40}|href|src)"""
    r"""\s{0,9}=\s{0,9})(?P<value>"[^"]*"|'[^']*')""",
    re.I,
)
_NAMED = re.compile(r"""\s(?:id|name|class)\s{0,9}=\s{0,9}["']?([\w\s.$:-]{1,80})""", re.I)
_ELEMENT = re.compile(r"<([a-zA-Z][\w:.-]{0,40})")
_NO_NAMES = re.compile(r"<(?:input|form|body|html|head|meta|link|img|table|ul|tr)\b", re.I)
_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'""", re.S)
_KEY_BEFORE = re.compile(r"""([A-Za-z_]\w{0,39})["']?\s{0,9}[:=]\s{0,9}\Z""")
_NUMBER_OF = re.compile(
    r"""(?<![\w.])(["']?)([A-Za-z_]\w{0,39})\1(\s{0,9}[:=]\s{0,9})(\d{5,20})\b"""
)
_KEY_CHARS = 64


def mask_markup(html: str, masker: Masker) -> str:
    """The same markup without what it says of persons. Raises NestingError."""
    values, names = values_of(html)
    return _masked(html, values, masker.with_names(names))


def mask_script(code: str, masker: Masker) -> str:
    """The same script without what its strings, and the numbers under a person's keys, say."""
    code = _STRING.sub(lambda match: _string(code, match, masker), code)
    return _NUMBER_OF.sub(lambda match: _number(match, masker), code)


def _masked(html: str, values: Values, masker: Masker) -> str:
    written: list[str] = []
    shows: Kind | None = None
    for what, piece in _pieces(html):
        if what == "text":
            written.append(_text(piece, values, masker, shows))
            shows = shows if not piece.strip() else None
        elif what == "tag":
            written.append(_tag(piece, values, masker))
            shows = _shown_by(piece)
        elif what == "script" and piece.lstrip().startswith("<"):
            # A list service's rows, or a template: markup in a script's clothes.
            written.append(_masked(piece, values, masker))
        elif what == "script":
            written.append(mask_script(piece, masker))
        else:
            written.append(masker.text(piece) if what == "comment" else piece)
    return "".join(written)


def _pieces(html: str) -> Iterator[tuple[str, str]]:
    """The source in order, nothing left out: texts, tags, comments, scripts and styles."""
    at = 0
    while at < len(html):
        start = html.find("<", at)
        if start != at:
            end = len(html) if start < 0 else start
            yield from _texts(html[at:end])
            at = end
            continue
        what, end = _piece_at(html, at)
        yield what, html[at:end]
        raw = _RAW.match(html, at) if what == "tag" else None
        at = end
        if raw is not None:
            closing = _ENDS[raw[1].lower()].search(html, end)
            at = closing.start() if closing else len(html)
            yield raw[1].lower(), html[end:at]


def _texts(text: str) -> Iterator[tuple[str, str]]:
    """A text in which a CDATA section may end."""
    while _CDATA[1] in text:
        inner, _, text = text.partition(_CDATA[1])
        yield "text", inner
        yield "mark", _CDATA[1]
    yield "text", text


def _piece_at(html: str, at: int) -> tuple[str, int]:
    if html.startswith("<!--", at):
        end = html.find("-->", at)
        return "comment", len(html) if end < 0 else end + len("-->")
    if html.startswith(_CDATA[0], at):
        return "mark", at + len(_CDATA[0])
    tag = _TAG.match(html, at)
    return ("tag", tag.end()) if tag else ("mark", at + 1)


def _shown_by(tag: str) -> Kind | None:
    """Whose words does this element show, by its name, id or class?"""
    if tag.startswith("</") or _NO_NAMES.match(tag):
        return None
    element = _ELEMENT.match(tag)
    if element is None:
        return None
    named = [element[1], *(word for match in _NAMED.finditer(tag) for word in match[1].split())]
    kinds = (kind_of_control(word) for word in named)
    return next((kind for kind in kinds if kind is not None), None)


def _text(piece: str, values: Values, masker: Masker, shows: Kind | None) -> str:
    said = unescape(piece)
    words = " ".join(said.split())
    if not words or words == MASK:
        return piece
    kind = values.get(words)
    if kind is None and shows is not None and not is_no_value(words):
        kind = shows
    if kind is not None and not any(words == ref for ref in masker.kept):
        start = len(piece) - len(piece.lstrip())
        return piece[:start] + masker.mask(kind) + piece[len(piece.rstrip()) :]
    masked = masker.text(said)
    return piece if masked == said else escape(masked, quote=False)


def _tag(tag: str, values: Values, masker: Masker) -> str:
    if "=" not in tag or tag.startswith("</"):
        return tag
    named = [word for match in _NAMED.finditer(tag) for word in match[1].split()]
    control = next((kind for word in named if (kind := kind_of_control(word))), None)

    def attribute(match: re.Match[str]) -> str:
        mark, value, name = match["value"][0], match["value"][1:-1], match["name"].lower()
        said = unescape(value)
        kind = values.get(" ".join(said.split()))
        if name in ("href", "src"):
            masked = without_persons(said, masker)
        elif kind is not None or (name == "value" and control and not is_no_value(said)):
            masked = masker.mask(kind or control or Kind.NAME)
        else:
            masked = masker.text(said)
        return match[0] if masked == said else match["head"] + mark + escape(masked) + mark

    return _ATTRIBUTE.sub(attribute, tag)


def _string(code: str, match: re.Match[str], masker: Masker) -> str:
    mark, inner = match[0][0], match[0][1:-1]
    said = _unquoted(inner)
    if said is None or not said.strip() or said == MASK:
        return match[0]
    key = _KEY_BEFORE.search(code, max(match.start() - _KEY_CHARS, 0), match.start())
    kind = kind_of_key(key[1], said) if key else None
    if kind is not None and (kind is Kind.TEXT or not is_no_value(said)):
        masked = masker.mask(kind)
    elif "://" in said or said.startswith("/"):
        masked = without_persons(said, masker)
    else:
        masked = masker.text(said)
    if masked == said:
        return match[0]
    written = json.dumps(masked)[1:-1] if "\\" in inner else masked
    return mark + (written.replace("'", "\\'") if mark == "'" else written) + mark


def _unquoted(inner: str) -> str | None:
    if "\\" not in inner:
        return inner
    try:
        return str(json.loads('"' + inner.replace("\\'", "'").replace("\t", "\\t") + '"'))
    except ValueError:
        return inner


def _number(match: re.Match[str], masker: Masker) -> str:
    kind = kind_of_key(match[2])
    if kind not in (Kind.PHONE, Kind.IDENTITY):
        return match[0]
    masker.mask(kind)
    return f"{match[1]}{match[2]}{match[1]}{match[3]}0"
