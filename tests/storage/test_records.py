"""A record as it lies in a file is the one that warcio's own writer makes."""

from __future__ import annotations

import zlib
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from storage.legible import escaped
from storage.records import Capture, packed, warc_date
from tests.storage.make import MORNING

PAGE = "<p>政务动态</p>".encode() * 999
HEADERS = {"content-type": "text/html; charset=utf-8", "server": "nginx"}
CAPTURES = {
    "a page": Capture("https://www.example.cn/a/?b=c", MORNING, 200, HEADERS, PAGE),
    "no body": Capture("http://www.example.cn/", MORNING, 404, {}, b""),
    "a Chinese address": Capture("http://www.example.cn/政务\x1b/", MORNING, 200, HEADERS, PAGE),
    "headers of strangers": Capture(
        "http://www.example.cn/",
        MORNING,
        200,
        {
            "X-标题": "值",
            "content-disposition": "attachment; filename=公告.doc",
            "set-cookie": "a\x00b\r\nInjected: 1",
            "Content-Length": "7",
            "Transfer-Encoding": "chunked",
            "Content-Encoding": "gzip",
        },
        PAGE,
    ),
    "what a person brought": Capture(
        "urn:xunjian:masked:mailbox:a", MORNING, 200, {"Content-Type": "application/json"}, PAGE
    ),
}


@pytest.mark.parametrize("capture", CAPTURES.values(), ids=CAPTURES)
def test_a_record_is_letter_for_letter_that_of_warcio(capture: Capture) -> None:
    number, record = packed(capture)
    assert zlib.decompress(record, wbits=31) == _by_warcio(capture, number)


def _by_warcio(capture: Capture, number: str) -> bytes:
    sink = BytesIO()
    writer = WARCWriter(sink, gzip=False)
    dated = {"WARC-Date": warc_date(capture.at)}
    told = {**dated, "WARC-Type": "", "WARC-Record-ID": f"<{number}>"}
    payload = BytesIO(capture.body)
    if not capture.url.startswith("http"):
        record = writer.create_warc_record(
            capture.url,
            "resource",
            payload=payload,
            warc_content_type=capture.headers["Content-Type"],
            warc_headers_dict=told,
        )
    else:
        dropped = ("content-length", "transfer-encoding", "content-encoding")
        headers = [
            (escaped(name).encode("ascii", "backslashreplace").decode(), escaped(value))
            for name, value in capture.headers.items()
            if name.lower() not in dropped
        ]
        record = writer.create_warc_record(
            escaped(capture.url),
            "response",
            payload=payload,
            http_headers=StatusAndHeaders(f"{capture.status} -", headers, protocol="HTTP/1.1"),
            warc_headers_dict=told,
        )
    writer.write_record(record)
    return sink.getvalue()
