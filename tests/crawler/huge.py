"""Hostile pages of any size: what a parser of rows, dates or nesting might choke on."""

from __future__ import annotations

_ROW = "<li><a href='/a/{0}.html'>关于示例事项第{0}号的通知</a><span>2024-06-{1:02}</span></li>"


def _filled(piece: str, size: int) -> str:
    return piece * (size // len(piece.encode()) + 1)


def huge_pages(size: int) -> dict[str, bytes]:
    """Pages of about `size` bytes, each by the name of what it is full of."""
    rows = "".join([_ROW.format(n, n % 28 + 1) for n in range(size // 95)])
    shapes = {
        "rows": f"<ul>{rows}</ul>",
        "text": _filled("<p>示例市召开会议，研究部署有关工作，要求各单位抓好落实。</p>\n", size),
        "nested divs": _filled("<div>", size // 2) + "2024-06-05" + _filled("</div>", size // 2),
        "one line": f"<p>{_filled('示例文字 ', size)}</p>",
        "dates": _filled("2024-06-05 ", size),
        "labelled dates": _filled("<p>发布时间：2024-06-05 来源：示例</p>", size),
        "days alone": _filled("<li><a href='/a'>示例标题文字</a><b>06-05</b></li>", size),
        "unclosed tags": _filled("<div class='a'><span><a href='x'><b>示例", size),
        "unclosed table": _filled("<table><tr><td>示例<a href='x'>标题文字", size),
        "opening brackets": "<" * size,
        "half a date": _filled("2024年 ", size),
        "blanks": "<p>发布时间" + " " * size + "2024-06-05</p>",
        "quotes": "<a href='" + "\"'" * (size // 2),
        "comments": _filled("<!-- ", size),
        "scripts": _filled(
            "<script>var pubdate='2024-06-05';document.write(pubdate)</script>", size
        ),
        "entities": _filled("&#50;&#48;&nbsp;", size),
        "zero width": _filled("2\u200b0\u200b2\u200b4", size),
        "feet": "<p>示例</p><p>2024-06-05 11:00</p>" + _filled("foot display copyright ", size),
        "open feet": _filled("<div class='foot' style='display:none'>2024-06-05 11:00", size),
        "numerals": _filled("二〇二四年六月", size),
    }
    head = "<html><head><title>示例</title></head><!-- synthetic --><body>"
    return {name: f"{head}{body}".encode() for name, body in shapes.items()}
