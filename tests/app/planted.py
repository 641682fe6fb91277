"""What must be said of every subject of the demo county, written down independently of it.

Key: (verdict, outcome, days since the newest item). ANY: calendar months or working days decide
the day; None: no date may be told as newest. Where several rules apply, the worst verdict.
Verdicts on letters hold while the days on the way are planned; else see PROVISIONAL.
"""

from __future__ import annotations

ANY = -1
Said = tuple[str, str, int | None]

COUNTY: dict[str, Said] = {
    "site:portal": ("ok", "ok", 0),  # its home page links to what is newest
    "site:fgw": ("ok", "ok", 1),
    "site:jyj": ("ok", "ok", 0),  # links to a column that robots.txt forbids
    "site:town": ("ok", "ok", 1),
    "site:lyw": ("unknown", "maintenance", None),  # home_maintenance
    "column:portal-zwyw": ("ok", "ok", 0),  # fresh_today
    "column:portal-bmdt": ("overdue", "ok", 15),  # late_by_one
    "column:portal-zjdt": ("due_soon", "ok", 14),  # on_limit
    "column:portal-mszx": ("ok", "ok", 3),  # service_fresh
    "column:portal-tzgg": ("ok", "ok", 1),  # fresh
    "column:portal-yjxx": ("ok", "ok", 2),  # pinned_old
    "column:portal-szfwj": ("ok", "ok", 45),  # quiet
    "column:portal-zcjd": ("due_soon", "ok", ANY),  # half_year_exact
    "column:portal-mzjd": ("overdue", "ok", ANY),  # half_year_late
    "column:portal-jgsz": ("undated", "undated", None),  # undated
    "column:portal-ghjh": ("blank", "empty", None),  # blank
    "column:portal-wsdt": ("unknown", "blocked", None),  # firewall_403
    "column:portal-mzdt": ("overdue", "ok", 21),  # future_stale
    "column:portal-jydt": ("overdue", "ok", 23),  # hot_stale
    "column:portal-tjxx": ("ok", "ok", 45),  # quiet
    "column:portal-hygk": ("overdue", "ok", 25),  # title_dates
    "column:portal-zxft": ("ok", "ok", 45),  # quiet
    "column:fgw-gzdt": ("ok", "ok", 1),  # fresh
    "column:fgw-xmjs": ("due_soon", "ok", 12),  # near_limit
    "column:fgw-jgjc": ("due_soon", "ok", 11),  # three_days_left
    "column:fgw-zcjd": ("due_soon", "ok", ANY),  # half_year_near
    "column:fgw-yshj": ("overdue", "ok", 22),  # service_stale
    "column:fgw-tzgg": ("ok", "ok", 1),  # fresh
    "column:fgw-xyjs": ("ok", "ok", 3),  # future_fresh
    "column:fgw-nygl": ("overdue", "ok", 18),  # banner_stale
    "column:fgw-zsxx": ("blank", "empty", None),  # blank
    "column:fgw-lscb": ("unknown", "blocked", None),  # firewall_200
    "column:fgw-ggzy": ("unknown", "unreachable", None),  # redirect_loop
    "column:fgw-dyxx": ("ok", "ok", 4),  # split_fresh
    "column:jyj-gzdt": ("ok", "ok", 1),  # fresh
    "column:jyj-xydt": ("overdue", "ok", 15),  # late_by_one
    "column:jyj-jcjy": ("ok", "ok", 2),  # month_day_fresh
    "column:jyj-zyjy": ("overdue", "ok", 733),  # month_day_dead
    "column:jyj-zcjd": ("ok", "ok", 45),  # quiet
    "column:jyj-zsks": ("undated", "undated", None),  # undated
    "column:jyj-jszp": ("unknown", "unreachable", None),  # busy_503
    "column:jyj-xwfb": ("unknown", "gone", None),  # soft_404
    "column:jyj-dtxw": ("ok", "ok", 2),  # pinned_newest
    "column:jyj-nbxx": ("unknown", "refused", None),  # robots
    "column:jyj-tyys": ("overdue", "ok", 26),  # split_stale
    "column:jyj-tzgg": ("ok", "ok", 1),  # fresh
    "column:jyj-zxdt": ("unknown", "unreadable", None),  # script_shell
    "column:jyj-jyyw": ("ok", "ok", 2),  # stub
    "column:jyj-sdjs": ("exempt", "ok", 40),  # exempt
    "column:qxz-zwdt": ("ok", "ok", 1),  # fresh
    "column:sqz-zwdt": ("due_soon", "ok", 14),  # on_limit
    "column:lwz-zwdt": ("overdue", "ok", 15),  # late_by_one
    "column:qxz-tzgg": ("blank", "empty", None),  # blank
    "column:sqz-mszx": ("unknown", "unreachable", None),  # timeout
    "column:lwz-tzgg": ("ok", "ok", 1),  # fresh
    "column:qxz-mlxc": ("unknown", "ok", None),  # pinned_apart
    "column:sqz-sqsd": ("overdue", "ok", 23),  # hot_stale
    "column:lwz-ztzl": ("unknown", "gone", None),  # gone_404
    "column:qxz-qxwl": ("unknown", "maintenance", None),  # maintenance
    "column:sqz-hnjd": ("overdue", "ok", ANY),  # half_year_late
    "column:lwz-lwms": ("unknown", "blocked", None),  # challenge_412
    "column:qxz-cwgk": ("ok", "ok", 45),  # quiet
    "mailbox:szxx": ("overdue", "ok", ANY),  # fixed_and_overdue
    "mailbox:zxjl": ("due_soon", "ok", ANY),  # near
    "mailbox:rx12345": ("overdue", "ok", ANY),  # no page: an export of the hotline
    "account:wx-ylfb": ("ok", "ok", 2),  # posted_lately
    "account:wx-yljy": ("overdue", "ok", 20),  # channel_refreshed
    "account:wb-yljk": ("due_soon", "ok", 12),  # pinned_post
    "account:dy-ylwl": ("due_soon", "ok", 14),  # utc_trap
    "account:tt-ylfg": ("ok", "ok", 3),  # naive_dates
    "account:ks-qxz": ("unknown", "blocked", None),  # feed_blocked
    "account:wx-ylms": ("overdue", "ok", 15),  # late by one, and no way to reply
    "account:wx-ylfb2": ("ok", "ok", 4),  # a second account of its unit on one platform
    "account:wx-ylfg": ("ok", "ok", 3),  # the official interface
    "account:wx-ylwj": ("unknown", "ok", 20),  # its list is old, and may leave out 群发
    "account:wx-ylwl": ("due_soon", "ok", 13),  # its list was compared by the office
    "account:wx-ylmz": ("unknown", "blocked", None),  # 40164: our address is not allowed
    "account:wx-ylyj": ("unknown", "refused", None),  # no credentials in the environment
    "account:wx-qxz": ("unknown", "gone", None),  # an article taken down
    "account:wx-sqz": ("unknown", "ok", 20),  # one old article
    "account:wx-lwz": ("unknown", "ok", 20),  # the portal's list may lag
    "account:wb-ylfb": ("unknown", "blocked", None),  # 432
    "account:wb-ylyj": ("ok", "ok", 2),  # under another name
    "account:sp-ylfb": ("ok", "ok", 3),  # entered yesterday
    "account:sp-ylwl": ("unknown", "ok", 9),  # entered eight days ago
    "account:dy-ylfb": ("due_soon", "ok", 14),  # exported today
    "account:dy-qxz": ("unknown", "ok", 20),  # a feed built ten days ago
    "account:tt-ylwl": ("unknown", "unreadable", None),  # a feed without entries
    "account:tt-ylms": ("exempt", "ok", 5),  # closed, and posting
    "account:ks-lwz": ("ok", "ok", 5),  # blocked, and entered two days ago
}

# Two sites for each veto, one just below its limit and one at it. Their names, and beside the
# column that every home page shows, what stands on them: (verdict, outcome, days) by how many.
# News is late on the fifteenth day, notices and interpretation after six calendar months.
VETO_SITES = {
    "w1": "严重问题",
    "w2": "站点访问",
    "w3": "首页更新",
    "w4a": "栏目更新",
    "w4b": "应更新栏目",
    "w4c": "空白栏目",
    "w5a": "咨询渠道",
    "w5b": "留言答复",
    "w6a": "办事服务",
    "w6b": "办事指南",
    "w6c": "办事事项",
}
LATE_NEWS: Said = ("overdue", "ok", 15)
HALF_A_YEAR: Said = ("overdue", "ok", ANY)
BLANK: Said = ("blank", "empty", None)
COLUMNS: dict[str, list[Said]] = {
    "w4a-below": [LATE_NEWS] * 3 + [HALF_A_YEAR],
    "w4a-met": [LATE_NEWS] * 3 + [HALF_A_YEAR] * 2,
    "w4b-below": [HALF_A_YEAR] * 9,
    "w4b-met": [HALF_A_YEAR] * 10,
    "w4c-below": [BLANK] * 4,
    "w4c-met": [BLANK] * 5,
}
GUIDE: Said = ("ok", "ok", 45)
HOMES: dict[str, Said] = {"w3-below": ("due_soon", "ok", 14), "w3-met": ("overdue", "ok", 15)}
# All letters are answered, or one is open for three months: past five working days either way.
MAILBOXES: dict[str, Said] = {
    "w5a-below": ("ok", "ok", ANY),
    "w5a-met": ("ok", "ok", ANY),
    "w5b-below": ("overdue", "ok", ANY),
    "w5b-met": ("overdue", "ok", ANY),
}
# What is said where the State Council has not published the year's plan: five working days are
# provisional and accuse nobody, three months are not.
PROVISIONAL = {"mailbox:zxjl": "ok", "mailbox:w5b-below": "due_soon", "mailbox:w5b-met": "overdue"}


def _veto_subjects() -> dict[str, Said]:
    said: dict[str, Said] = {}
    for site in (f"{veto}-{side}" for veto in VETO_SITES for side in ("below", "met")):
        home = HOMES.get(site, ("ok", "ok", 1))
        said[f"site:{site}"] = home
        # No rule times the columns of w3: only the home page shows that nothing is new.
        said[f"column:{site}-99"] = ("ok", "ok", home[2])
        for number, late in enumerate(COLUMNS.get(site, []), start=1):
            said[f"column:{site}-{number:02d}"] = late
        if site.startswith("w6"):
            said[f"column:{site}-00"] = BLANK if site == "w6a-met" else GUIDE
        if site in MAILBOXES:
            said[f"mailbox:{site}"] = MAILBOXES[site]
    return said


SUBJECTS = COUNTY | _veto_subjects()

# Each veto just below its limit, and at it: (subject, indicator) and (hit, count); no count where
# the indicator counts none: a person, a share of probes, or the guides of one column decide.
STANDINGS: dict[tuple[str, str], tuple[bool, int | None]] = {
    ("site:w1-below", "W1"): (False, None),
    ("site:w1-met", "W1"): (True, None),
    ("site:w2-below", "W2"): (False, None),
    ("site:w2-met", "W2"): (True, None),
    ("site:w3-below", "W3"): (False, 0),
    ("site:w3-met", "W3"): (True, 1),
    ("site:w4a-below", "W4a"): (False, 4),
    ("site:w4a-met", "W4a"): (True, 5),
    ("site:w4b-below", "W4b"): (False, 9),
    ("site:w4b-met", "W4b"): (True, 10),
    ("site:w4c-below", "W4c"): (False, 4),
    ("site:w4c-met", "W4c"): (True, 5),
    ("site:w5a-below", "W5a"): (False, None),
    ("site:w5a-met", "W5a"): (True, None),
    ("site:w5b-below", "W5b"): (False, 0),
    ("site:w5b-met", "W5b"): (True, 1),
    ("site:w6a-below", "W6a"): (False, None),
    ("site:w6a-met", "W6a"): (True, None),
    ("site:w6b-below", "W6b"): (False, None),
    ("site:w6b-met", "W6b"): (True, None),
    ("site:w6c-below", "W6c"): (False, None),
    ("site:w6c-met", "W6c"): (True, None),
    ("account:tt-ylfg", "M1"): (False, None),
    ("account:wx-ylms", "M1"): (True, None),
    ("account:dy-ylwl", "M2a"): (False, 0),
    ("account:wx-ylms", "M2a"): (True, 1),
    ("account:tt-ylfg", "M2b"): (False, None),
    ("account:wx-ylms", "M2b"): (True, None),
    ("account:tt-ylfg", "M3"): (False, None),
    ("account:wx-ylms", "M3"): (True, None),
}
# What else is hit: the county's own late account.
ALSO_HIT = {("account:wx-yljy", "M2a")}
# A hit of these is for a person to confirm, and vetoes nothing yet.
NOT_VERIFIED = {"W4b", "W6b", "W6c"}

# What the office is told of vetoes: subject, and what is said of it.
NEXT_TO_W4 = "距“栏目不更新”单项否决还差1个栏目"
VETO_LINES = {
    ("严重问题示例网站（已达）", "已达到“安全、泄密事故等严重问题”单项否决"),
    ("站点访问示例网站（未达）", "接近“站点无法访问”单项否决"),
    ("站点访问示例网站（已达）", "已达到“站点无法访问”单项否决"),
    ("首页更新示例网站（已达）", "已达到“首页不更新”单项否决"),
    ("栏目更新示例网站（未达）", NEXT_TO_W4),
    ("栏目更新示例网站（已达）", "已达到“栏目不更新”单项否决的5个栏目，现有5个"),
    ("应更新栏目示例网站（未达）", NEXT_TO_W4),
    ("应更新栏目示例网站（已达）", "已达到“栏目不更新”单项否决的10个栏目，现有10个"),
    ("空白栏目示例网站（未达）", NEXT_TO_W4),
    ("空白栏目示例网站（已达）", "已达到“栏目不更新”单项否决的5个栏目，现有5个"),
    ("咨询渠道示例网站（已达）", "已达到“互动回应差”单项否决"),
    ("留言答复示例网站（已达）", "已达到“互动回应差”单项否决"),
    ("办事服务示例网站（已达）", "已达到“服务不实用”单项否决"),
    ("办事指南示例网站（已达）", "已达到“服务不实用”单项否决"),
    ("办事事项示例网站（已达）", "已达到“服务不实用”单项否决"),
    ("云岚民生", "已达到“安全、泄密事故等严重问题”单项否决"),
    ("云岚民生", "已达到“内容不更新”单项否决"),
    ("云岚民生", "已达到“互动回应差”单项否决"),
    ("云岚教育", "已达到“内容不更新”单项否决"),
    # Four late news columns each, one of them undated at the bureau of education.
    ("云岚市人民政府门户网站", NEXT_TO_W4),
    ("云岚市教育局网站", NEXT_TO_W4),
}

# What is found beside late columns and letters answered too late, by rule or duty.
GUIDES = ["w6b-below", "w6b-met", "w6c-below", "w6c-met"]
OTHER_FINDINGS = {
    "w2_unreachable": ["site:w2-met"],
    "w3_home_14d": ["site:w3-met"],
    "w5_channel": ["mailbox:w5a-met"],
    "mailbox_3m": ["mailbox:w5b-met"],
    "guide_elements": [f"column:{site}-00" for site in GUIDES],
    "nm_interactive": ["account:wx-ylms"],
    "nm_14d": ["account:wx-yljy", "account:wx-ylms"],
    "nm_renamed": ["account:wb-ylyj"],
    "nm_reopened": ["account:tt-ylms"],
    "nm_duplicate": ["account:wx-ylfb2"],
    "foot_icp": ["site:town"],
    "foot_police": ["site:town"],
}

# Letters around National Day 2026 and the make-up Saturdays: (received, replied, due, verdict).
FIXED_LETTERS = {
    "2026092401": ("2026-09-24", "2026-10-09", "2026-10-09", "answered_in_time"),
    "2026092402": ("2026-09-24", "2026-10-10", "2026-10-09", "answered_late"),
    "2026091801": ("2026-09-18", "2026-09-24", "2026-09-24", "answered_in_time"),
    "2026021301": ("2026-02-13", "2026-02-27", "2026-02-27", "answered_in_time"),
}
