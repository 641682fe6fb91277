"""Which text an answer means, whatever its headers and meta tags claim."""

from __future__ import annotations

import codecs

import pytest

from crawler.decode import decode

WORDS = "示例市人民政府关于公布行政许可事项的通知"


def page(charset: str) -> str:
    return f'<html><head><meta charset="{charset}"><title>{WORDS}</title></head></html>'


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (WORDS.encode("utf-8"), ""),
        (WORDS.encode("gb18030"), ""),
        (WORDS.encode("gb18030"), "text/html; charset=GB2312"),
        (WORDS.encode("gb18030"), "text/html; charset=utf-8"),
        (WORDS.encode("utf-8"), "text/html; charset=gbk"),
        (WORDS.encode("utf-8"), "text/html;charset=ISO-8859-1"),
        (WORDS.encode("utf-8"), "text/html; charset=no-such-charset"),
        (WORDS.encode("big5hkscs", errors="ignore"), "text/html; charset=big5hkscs"),
        (codecs.BOM_UTF8 + WORDS.encode("utf-8"), "text/html; charset=gbk"),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "text/html; charset=gb2312"),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), ""),
    ],
    ids=[
        "utf-8 undeclared",
        "gbk undeclared",
        "gbk called gb2312",
        "gbk called utf-8",
        "utf-8 called gbk",
        "utf-8 called latin-1",
        "an unknown charset",
        "big5",
        "utf-8 mark",
        "utf-16 mark called gb2312",
        "utf-16 big-endian mark",
    ],
)
def test_the_words_come_back_in_spite_of_the_header(body: bytes, content_type: str) -> None:
    expected = WORDS.encode("big5hkscs", errors="ignore").decode("big5hkscs")
    assert decode(body, content_type) == (expected if "big5" in content_type else WORDS)


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "utf-8", "iso-8859-1", "utf-16"])
@pytest.mark.parametrize("actual", ["gb18030", "utf-8"])
def test_a_meta_tag_is_believed_only_when_the_body_obeys_it(declared: str, actual: str) -> None:
    text = page(declared)
    assert decode(text.encode(actual)) == text


def test_the_header_outranks_the_meta_tag() -> None:
    text = page("utf-8")
    assert decode(text.encode("gbk"), "text/html; charset=gbk") == text


def test_a_character_beyond_gb2312_is_kept_when_gb2312_is_declared() -> None:
    assert decode("朱镕基".encode("gb18030"), "text/html; charset=gb2312") == "朱镕基"


def test_gbk_bytes_that_happen_to_be_utf_8_follow_their_declaration() -> None:
    assert decode("联通".encode("gbk"), "text/html; charset=gbk") == "联通"


def test_an_xml_declaration_counts_as_a_claim() -> None:
    text = f'<?xml version="1.0" encoding="GBK"?><rss><title>{WORDS}</title></rss>'
    assert decode(text.encode("gbk")) == text


def test_a_body_cut_in_mid_character_loses_only_that_character() -> None:
    assert decode(WORDS.encode("utf-8")[:-1]).startswith(WORDS[:-1])
    assert decode(WORDS.encode("gb18030")[:-1]).startswith(WORDS[:-1])


def test_any_bytes_at_all_give_some_text() -> None:
    assert decode(b"") == ""
    assert isinstance(decode(bytes(range(256)) * 40, "text/html; charset=hex"), str)
