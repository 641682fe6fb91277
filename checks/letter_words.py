"""What a letter's status says: answered, declined, waiting, or nothing that is known."""

from __future__ import annotations

from checks.facts import Letter

ANSWERED_WORDS = tuple(
    """
    已办结 已回复 已答复 已处理 办结 已反馈 已办理 已回信 已完成 已解决 已结案 办理完毕 处理完毕
    待评价 已评价 已归档""".split()
)
# A letter withdrawn, refused, or sent twice is no valid letter, and nobody owes it an answer.
DECLINED_WORDS = tuple(
    """
    不予受理 不受理 不再受理 撤回 撤销 撤件 撤诉 撤信 作废 重复 同一诉求 无效""".split()
)
OPEN_WORDS = tuple(
    """
    未办结 未回复 未答复 未处理 待办结 待回复 待答复 待处理 未办理 未反馈 未回信 未完成
    未解决""".split()
)
# Steps on the way to an answer; a status in none of these words is not understood.
PENDING_WORDS = tuple(
    """
    受理 办理 处理 转办 交办 批办 督办 催办 待办 在办 未办 审核 审查 派单 分办 分派 流转 延期 登记
    接收 签收 提交 待回 未回 待答 未答 超期 逾期 超时 进行中 正在 转交 分发 等待 尚未
    暂未""".split()
)


def is_answered(letter: Letter) -> bool:
    """Does the page say that the letter was answered: by a date, its words or its status?"""
    status = letter.status or ""
    if letter.replied_on is not None or letter.answered:
        return True
    return any(w in status for w in ANSWERED_WORDS) and not any(w in status for w in OPEN_WORDS)


def is_declined(letter: Letter) -> bool:
    status = letter.status
    return status is not None and any(word in status for word in DECLINED_WORDS)


def is_pending(letter: Letter) -> bool:
    """Does the status say that the letter still waits for its answer, in words we know?"""
    status = letter.status or ""
    named = any(word in status for word in (*OPEN_WORDS, *PENDING_WORDS))
    return named or status.startswith(("待", "未"))


def unclear(letter: Letter) -> str | None:
    """Why can the page not show whether this letter waits for its answer? None when it does."""
    if letter.status and not is_pending(letter):
        return f"状态“{letter.status}”含义不明"
    if letter.status is None and letter.answered is None:
        return "页面未显示答复情况"
    return None
