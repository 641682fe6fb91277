"""A guide to a public service: its key elements in a table, some of them left out."""

from __future__ import annotations

from html import escape

# The first ones are left out first. A foot or a menu may speak of telephones and places, so that
# their absence from the table proves nothing.
ELEMENTS = (
    ("办理流程", "申请、受理、审核、办结。"),
    ("设定依据", "《云岚市便民服务事项管理办法》第三条"),
    ("申请条件", "在本市居住，符合有关规定的居民。"),
    ("办理时间", "工作日上午9:00至12:00，下午2:00至5:30"),
    ("联系电话", "0000-00000000"),
    ("办理材料", "申请表一份，身份证明复印件一份。"),
    ("办理地点", "云岚市政务服务中心一楼综合窗口"),
)


def guide_table(title: str, unit: str, lacks: int) -> str:
    """The guide of this title as a table that lacks so many of the eight key elements."""
    shown = (("事项名称", title), *reversed(ELEMENTS[lacks:]), ("实施机关", unit))
    rows = "".join(f"<tr><th>{head}</th><td>{escape(text)}</td></tr>\n" for head, text in shown)
    return f'<table class="guide">\n{rows}</table>\n'
