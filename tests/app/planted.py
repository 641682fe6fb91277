"""What must be said of every subject of the demo county, written down independently of it.

Key: (verdict, outcome, days since the newest item). ANY: calendar months or working days decide
the day; None: no date may be told as newest.
"""

from __future__ import annotations

ANY = -1

SUBJECTS: dict[str, tuple[str, str, int | None]] = {
    "site:portal": ("ok", "ok", None),  # home
    "site:fgw": ("ok", "ok", None),  # home
    "site:jyj": ("ok", "ok", None),  # home
    "site:town": ("ok", "ok", None),  # home
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
    "account:wx-ylfb": ("ok", "ok", 2),  # posted_lately
    "account:wx-yljy": ("overdue", "ok", 20),  # channel_refreshed
    "account:wb-yljk": ("due_soon", "ok", 12),  # pinned_post
    "account:dy-ylwl": ("due_soon", "ok", 14),  # utc_trap
    "account:tt-ylfg": ("ok", "ok", 3),  # naive_dates
    "account:ks-qxz": ("unknown", "blocked", None),  # feed_blocked
}

# Letters around National Day 2026 and the make-up Saturdays: (received, replied, due, verdict).
FIXED_LETTERS = {
    "2026092401": ("2026-09-24", "2026-10-09", "2026-10-09", "answered_in_time"),
    "2026092402": ("2026-09-24", "2026-10-10", "2026-10-09", "answered_late"),
    "2026091801": ("2026-09-18", "2026-09-24", "2026-09-24", "answered_in_time"),
    "2026021301": ("2026-02-13", "2026-02-27", "2026-02-27", "answered_in_time"),
}
