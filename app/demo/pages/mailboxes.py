"""Mailbox pages: a list that shows only receipt, and a page per letter that shows the answer."""

from __future__ import annotations

from html import escape

from app.demo.letters import Letter, Mailbox
from app.demo.pages.html import Frame
from app.demo.titles import paragraphs

CLOSED = "tingyong.html"


def letter_path(mailbox: Mailbox, letter: Letter) -> str:
    return f"{mailbox.path.rpartition('/')[0]}/letter/{letter.ref}.html"


def list_page(frame: Frame, mailbox: Mailbox) -> str:
    """The list of public letters, as a table or as cards."""
    main = _table(mailbox) if mailbox.style == "table" else _cards(mailbox)
    return frame.page(mailbox.name, f"{frame.where(mailbox.name)}<h3>{mailbox.name}</h3>\n{main}")


def form_page(frame: Frame, mailbox: Mailbox) -> str:
    """Where a letter is written, or word that none can be. Nobody is to send one."""
    if mailbox.form is not None and mailbox.form.endswith(CLOSED):
        said = "<p>本信箱已停用，不再受理来信。</p>"
        return frame.page("我要写信", f"{frame.where(mailbox.name, '我要写信')}{said}")
    main = (
        f'<h3>我要写信</h3>\n<form action="{mailbox.form}" method="post">\n'
        '<p>标题 <input type="text" name="title"></p>\n'
        '<p>内容 <textarea name="content" rows="8"></textarea></p>\n'
        '<p><input type="submit" value="提交"></p>\n</form>\n'
    )
    return frame.page("我要写信", f"{frame.where(mailbox.name, '我要写信')}{main}")


def letter_page(frame: Frame, mailbox: Mailbox, letter: Letter) -> str:
    """One letter with its answer, where there is one. Shows no writer: none exists."""
    fields = _fields(letter, mailbox.style == "table")
    if mailbox.style == "table":
        rows = "".join(f"<tr><th>{name}</th><td>{text}</td></tr>\n" for name, text in fields)
        main = f'<table class="letter">\n{rows}</table>'
    else:
        rows = "".join(f"<dt>{name}</dt><dd>{text}</dd>\n" for name, text in fields)
        main = f'<dl class="letter">\n{rows}</dl>'
    return frame.page(letter.title, f"{frame.where(mailbox.name, '来信详情')}{main}")


def _table(mailbox: Mailbox) -> str:
    rows = "".join(
        f"<tr><td>{letter.ref}</td>"
        f'<td><a href="{letter_path(mailbox, letter)}">{escape(letter.title)}</a></td>'
        f"<td>{letter.received}</td><td>{letter.unit_name}</td><td>{letter.status}</td></tr>\n"
        for letter in mailbox.letters
    )
    names = ("编号", "标题", "来信时间", "答复单位", "状态")
    head = "".join(f"<th>{name}</th>" for name in names)
    return f'<table class="mail-list">\n<tr>{head}</tr>\n{rows}</table>'


def _cards(mailbox: Mailbox) -> str:
    cards = "".join(
        f'<div class="mail-card"><h4><a href="{letter_path(mailbox, letter)}">'
        f"{escape(letter.title)}</a></h4>\n<dl><dt>信件编号</dt><dd>{letter.ref}</dd>"
        f"<dt>提交时间</dt><dd>{letter.received} 09:30</dd>"
        f"<dt>办理单位</dt><dd>{letter.unit_name}</dd>"
        f"<dt>办理状态</dt><dd>{letter.status}</dd></dl></div>\n"
        for letter in mailbox.letters
    )
    return f'<div class="mail-list">\n{cards}</div>'


def _fields(letter: Letter, formal: bool) -> list[tuple[str, str]]:
    asked, answered = ("来信时间", "答复时间") if formal else ("提交时间", "办结时间")
    question, answer, _ = paragraphs(letter.title, letter.unit_name)
    fields = [
        ("信件编号", letter.ref),
        ("信件标题", escape(letter.title)),
        (asked, f"{letter.received} 09:30"),
        ("答复单位" if formal else "办理单位", letter.unit_name),
        ("办理状态", letter.status),
        ("来信内容", escape(f"您好，{letter.title}，望予以关注。")),
    ]
    if letter.replied is not None:
        fields.append((answered, f"{letter.replied} 16:20"))
        fields.append(("答复内容", escape(question + answer)))
    return fields
