"""A report as the body of a mail. Mail clients block data addresses: pictures lie beside it."""

from __future__ import annotations

import hashlib
from email.message import EmailMessage

from notify.documents.parts import Picture, Report
from notify.documents.webpage import webpage

DOMAIN = "pictures.xunjian"


def add_page(mail: EmailMessage, report: Report) -> None:
    """Add the page to a mail that has its plain text already, before anything is attached.

    A report with pictures becomes `multipart/related`: the page, then each picture once, under
    an id made from its bytes.
    """
    mail.add_alternative(webpage(report, _address), subtype="html", cte="base64")
    *_, page = mail.iter_parts()
    for picture in {each.png: each for each in report.pictures}.values():
        page.add_related(
            picture.png,
            "image",
            picture.subtype,
            cid=f"<{_cid(picture)}>",
            disposition="inline",
            filename=f"{picture.name}.{picture.subtype}",
        )


def _cid(picture: Picture) -> str:
    return f"{hashlib.sha256(picture.png).hexdigest()[:32]}@{DOMAIN}"


def _address(picture: Picture) -> str:
    return f"cid:{_cid(picture)}"
