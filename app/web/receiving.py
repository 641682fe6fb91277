"""Forms whose fields are not known beforehand, and files: counted while they are received.

Nothing is read of who may not send it; what is too large is dropped as it comes, so that the
browser still hears why.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.types import Message, Receive

from app.web.guard import Needs
from app.web.rights import Action
from notify.words import clean
from storage.bounded import MOST_BYTES

MOST_FORM = 2**20
AROUND = 2**16  # what a browser writes around a file
MOST_DROPPED = 4 * MOST_BYTES
MOST_NAME = 100


class NeedsForm(Needs):
    """A right, and a form of at most so many bytes: beyond them 413, in words."""

    def __init__(self, action: Action, most: int, words: str) -> None:
        super().__init__(action)
        self.most, self.words = most, words

    async def form(self, request: Request) -> FormData:
        """Raises HTTPException (413, 400)."""
        bounded = Request(request.scope, self._bounded(request.receive))
        given = await bounded.form(max_files=1, max_fields=100)
        request.state.form = given
        return given

    def _bounded(self, receive: Receive) -> Receive:
        count = 0

        async def received() -> Message:
            nonlocal count
            message = await receive()
            count += len(message.get("body", b""))
            if count <= self.most:
                return message
            while message.get("more_body") and count <= MOST_DROPPED:
                message = await receive()
                count += len(message.get("body", b""))
            raise HTTPException(413, self.words)

        return received


def sends_form(action: Action) -> Any:
    """The visitor of a route that takes a form whose fields are not known beforehand."""
    return Depends(NeedsForm(action, MOST_FORM, "表单内容过多，没有作任何改动。"))


def sends_file(action: Action) -> Any:
    """The visitor of a route that takes a file."""
    words = f"文件超过 {MOST_BYTES // 2**20} MB，没有接收。请核对是否选错了文件。"
    return Depends(NeedsForm(action, MOST_BYTES + AROUND, words))


def _sent(request: Request) -> FormData:
    form: FormData = request.state.form
    return form


Sent = Annotated[FormData, Depends(_sent)]


def texts(form: FormData) -> dict[str, str]:
    """The fields that are texts; of one that was sent twice, the last."""
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


def file_name(sent: UploadFile) -> str:
    """A sent file's name as it may be told: one short line, no folder."""
    return clean((sent.filename or "").replace("\\", "/").rpartition("/")[2])[-MOST_NAME:]


@contextmanager
def as_file(sent: UploadFile, suffix: str) -> Iterator[Path]:
    """The sent file in a folder of its own, as long as the body runs."""
    with TemporaryDirectory(prefix="xunjian-") as folder:
        path = Path(folder) / f"file{suffix}"
        with path.open("wb") as out:
            sent.file.seek(0)
            shutil.copyfileobj(sent.file, out)
        yield path
