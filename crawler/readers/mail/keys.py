"""What mailbox services call things: the keys of a letter's fields in JSON and in page controls.

English and pinyin, as the known systems write them. A key that is not listed is never read, and
so the writer's name, telephone or address cannot get into a letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from crawler.readers.mail.words import Field

# Best key first, as where a page labels its fields.
_KEYS: Mapping[Field, str] = {
    "ref": """
        sqcode lettercode mailcode letterno mailno caseno casecode orderno ordercode
        workorderno xjbh bjbh slbh gdbh lxbh code bh originalid sqid letterid mailid
        caseid id""",
    "title": """
        sqtitle2 sqtitle lettertitle mailtitle casetitle consulttitle questiontitle title
        titlet theme subject topic xjbt lxbt lxzt zhuti biaoti bt""",
    "received": """
        sqdtime fomatewritedate formatwritedate writedate writetime submitdate submittime
        requestdate requesttime askdate asktime consultdate consulttime letterdate
        lettertime maildate mailtime senddate sendtime lxsj lxrq tjsj tjrq lysj lyrq
        createtime createdate""",
    "accepted": "acceptdate accepttime slsj slrq zbsj",
    "replied": """
        replydate replytime answerdate answertime overdtime completedate completetime
        finishdate finishtime dealdate dealtime handledate handletime feedbackdate
        feedbacktime hfsj hfrq dfsj dfrq bjsj bjrq fksj blsj clsj""",
    "answer": """
        sqreply replycontent answercontent replyresult dealresult dealwithdescription
        handleresult hfnr dfnr jieguo bljg cljg reply answer""",
    "unit": """
        dodeptname replydeptname replydept replydepartment replyunit dealdeptname dealdept
        dealunit handledept departmentname deptname unitname department dept hfdw dfdw bldw
        cbdw cldw blbm slbm""",
    "status": """
        sqstatus dealstatus handlestatus replystatus letterstatus mailstatus statusname
        statustext statename status state zhuangtai blzt clzt bjzt hfzt""",
}
_FIELD_OF: Mapping[str, Field] = {
    key: field for field, keys in _KEYS.items() for key in keys.split()
}
_RANK = {key: rank for keys in _KEYS.values() for rank, key in enumerate(keys.split())}
_NOT_KEY = re.compile(r"[^a-z0-9]")
_LONGEST_KEY = 40

# deya WCM tells its states by number; no other number is known to mean anything.
_STATES: Mapping[str, Mapping[str, str]] = {
    "sqstatus": {"0": "待处理", "1": "处理中", "2": "待审核", "3": "已办结"}
}
# When a row was written into the table is when it was sent in, if the row is a letter's.
CREATED = frozenset({"createtime", "createdate"})


def plain_key(key: str) -> str:
    """The key in small letters and digits only: sq_dtime and SQ_DTIME are one."""
    return _NOT_KEY.sub("", key.lower()) if len(key) <= _LONGEST_KEY else ""


def field_of_key(key: str) -> Field | None:
    """Which field does this key hold? None for anything not known for sure."""
    return _FIELD_OF.get(plain_key(key))


def best_keys(keys: Iterable[str]) -> dict[Field, str]:
    """For each field the key that names it best, among the keys at hand."""
    found: dict[Field, str] = {}
    for key in keys:
        field = field_of_key(key)
        if field is not None and (field not in found or _rank(key) < _rank(found[field])):
            found[field] = key
    return found


def _rank(key: str) -> int:
    return _RANK[plain_key(key)]


def state_words(key: str, value: str) -> str | None:
    """A status as words; None for a number that nobody explains."""
    if not value.isdecimal():
        return value
    return _STATES.get(plain_key(key), {}).get(value)
