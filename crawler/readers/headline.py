"""What an article page is called, where its title stands in the text, and its source (来源)."""

from __future__ import annotations

import re

from crawler.readers.visible import Span, Visible

_MOST_ANCHORS = 30
_OFFICE_CHARS = 10
_NEAR = 300
_OTHER_METAS = ("og:title", "title", "dc.title")
_SEPARATORS = re.compile(r"\s*(?:(?<!\d)[-–—]{1,3}(?!\d)|[_|｜>»]{1,3})\s*")
_SITE_WORDS = re.compile(r"政府|门户|网站|(?:局|网|委|委员会|办公室|中心|大学|学院|学校|小学)\Z")
_NO_TITLE = re.compile(r"[>»:：]|首页|来源|浏览|字号|号\Z|\A[\W\d]*\Z")


def title_guesses(seen: Visible) -> list[str]:
    """What may the article be called? Best guess first; all of them mark where it begins."""
    whole = seen.page_title
    parts = [part for part in _SEPARATORS.split(whole) if len(part) >= 4]
    site = parts[-1] if len(parts) > 1 else ""
    headings = [(level, text) for level, text in seen.headings if text != site]
    guesses = [seen.metas.get("articletitle", "")]
    guesses += [text for _, text in headings if len(text) >= 4 and text in whole]
    if len(parts) > 1:
        longest = max(parts[:-1], key=len)
        guesses += [longest, parts[0]] if _SITE_WORDS.search(parts[0]) else [parts[0], longest]
    guesses += [text for level, text in headings if level == "h1"]
    guesses += [seen.metas.get(name, "") for name in _OTHER_METAS]
    seconds = [text for level, text in headings if level == "h2"]
    guesses += seconds if len(seconds) == 1 else []
    guesses.append(whole)
    cleaned = (" ".join(guess.split()) for guess in guesses)
    return list(dict.fromkeys(guess for guess in cleaned if len(guess) >= 2))


def anchors(text: str, titles: list[str]) -> list[Span]:
    """Where do these titles stand in the text, compared without blanks?"""
    dense = text.replace("\n", "").replace(" ", "")
    spans: list[Span] = []
    for title in titles:
        wanted = "".join(title.split())
        if len(wanted) <= _OFFICE_CHARS and _SITE_WORDS.search(wanted):
            continue  # the office's own name, which also signs its articles
        at = dense.find(wanted) if len(wanted) >= 4 else -1
        while at >= 0 and len(spans) < _MOST_ANCHORS:
            spans.append((_with_blanks(text, at), _with_blanks(text, at + len(wanted) - 1) + 1))
            at = dense.find(wanted, at + len(wanted))
    return spans


def _with_blanks(text: str, index: int) -> int:
    """Where in the text does the character stand that has this place when blanks are left out?"""
    at, blanks = index, 0
    while True:
        found = text.count("\n", 0, at + 1) + text.count(" ", 0, at + 1)
        if found == blanks:
            return at
        at, blanks = index + found, found


def chosen_title(seen: Visible, titles: list[str], date_at: int) -> str | None:
    """Which title does the page show above its date?

    The best guess, unless it is the name of the site or a column and the line above the date
    (at offset `date_at`, -1 when it is not in sight) reads like a title.
    """
    best = titles[0] if titles else None
    if best is not None and best == " ".join(seen.metas.get("articletitle", "").split()):
        return best
    if best and len(best) >= 6 and not _SITE_WORDS.search(best):
        return best
    lines = seen.text[max(0, date_at - _NEAR) : max(date_at, 0)].split("\n")[:-1]
    for line in reversed(lines[-3:]):
        if 6 <= len(line) <= 120 and not _NO_TITLE.search(line):
            return line
    return best


_SOURCE = re.compile(r"来 ?源 ?[:：] ?\n?([^\s:：|｜【】\[\]（）()，。；]{2,40})([:：，。；]?)")
_NEXT_LABEL = re.compile(
    r"(?:发布|更新)?(?:时间|日期)|作者|浏览|点击|阅读|字[号体]|编辑|责任?编|发布[人者机]"
)


def source_name(seen: Visible) -> str | None:
    """Whom does the page name as its source (来源)?"""
    match = _SOURCE.search(seen.text)
    if match and not match[2]:
        name = _NEXT_LABEL.split(match[1])[0]
        if len(name) >= 2:
            return name
    return seen.metas.get("contentsource")
