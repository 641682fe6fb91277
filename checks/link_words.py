"""What is said of a link that cannot be opened, and what to do about it: words only."""

from __future__ import annotations

from collections.abc import Mapping

from checks.links import LinkKind, LinkState

PLACES: Mapping[tuple[bool, LinkKind], str] = {
    (True, LinkKind.PAGE): "站内链接",
    (True, LinkKind.IMAGE): "站内图片",
    (True, LinkKind.ATTACHMENT): "站内附件",
    (False, LinkKind.PAGE): "外部链接",
    (False, LinkKind.IMAGE): "外部图片",
    (False, LinkKind.ATTACHMENT): "外部附件",
}
MET: Mapping[LinkState, str] = {
    LinkState.DEAD: "页面不存在",
    LinkState.SOFT_DEAD: "返回的是“页面不存在”一类的提示",
    LinkState.WALL: "被防护或登录页面挡住",
    LinkState.UNREACHABLE: "无法连接",
    LinkState.UNKNOWN: "未能判断",
    LinkState.REFUSED: "按规定未访问",
}
_RESTORE = "请恢复该页面，或更正、删除该链接"
_UPLOAD = "请重新上传该附件并更正链接"
_PICTURE = "请重新上传该图片，或删除引用"
_ASK = "请向对方核实新地址后更正，无替代的予以删除"
_SERVER = "请检查该地址所在的服务器，短期不能恢复的先撤下链接"
_COPY = "请改用本站保存的图片，或删除引用"
_OFFER = "请在本站提供该附件，或向对方核实新地址后更正"
_WITHDRAW = "对方网站长期无法访问，请核实后更正或撤下链接"
FIXES: Mapping[tuple[bool, LinkKind, LinkState], str] = {
    (True, LinkKind.PAGE, LinkState.DEAD): _RESTORE,
    (True, LinkKind.PAGE, LinkState.SOFT_DEAD): f"{_RESTORE}；页面不存在时应返回404",
    (True, LinkKind.PAGE, LinkState.UNREACHABLE): _SERVER,
    (True, LinkKind.IMAGE, LinkState.DEAD): _PICTURE,
    (True, LinkKind.IMAGE, LinkState.SOFT_DEAD): _PICTURE,
    (True, LinkKind.IMAGE, LinkState.UNREACHABLE): _SERVER,
    (True, LinkKind.ATTACHMENT, LinkState.DEAD): _UPLOAD,
    (True, LinkKind.ATTACHMENT, LinkState.SOFT_DEAD): _UPLOAD,
    (True, LinkKind.ATTACHMENT, LinkState.UNREACHABLE): _SERVER,
    (False, LinkKind.PAGE, LinkState.DEAD): _ASK,
    (False, LinkKind.PAGE, LinkState.SOFT_DEAD): _ASK,
    (False, LinkKind.PAGE, LinkState.UNREACHABLE): _WITHDRAW,
    (False, LinkKind.IMAGE, LinkState.DEAD): _COPY,
    (False, LinkKind.IMAGE, LinkState.SOFT_DEAD): _COPY,
    (False, LinkKind.IMAGE, LinkState.UNREACHABLE): _WITHDRAW,
    (False, LinkKind.ATTACHMENT, LinkState.DEAD): _OFFER,
    (
        False,
        LinkKind.ATTACHMENT,
        LinkState.SOFT_DEAD,
    ): _OFFER,
    (False, LinkKind.ATTACHMENT, LinkState.UNREACHABLE): _WITHDRAW,
}
