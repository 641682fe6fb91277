"""The links of a page lie in few folders: each of these is resolved once, whatever lies in it."""

from __future__ import annotations

import re

# The end of most addresses: a file, or nothing, in which there is nothing to resolve or escape.
_PLAIN_END = re.compile(r"(?!\.{1,2}(?:\?|\Z))[\w~%,=@.-]*(?:\?[\w~%,=:@&.-]+)?", re.ASCII)
_NO_FOLDER = re.compile(r"[?#;]|(?:\A|/)/\Z")


def plain_parts(href: str) -> tuple[str, str] | None:
    """The folder of this address and the rest of it, where to resolve the folder is enough.

    None where the end cannot be had by appending: `..`, a fragment, a query that holds a path.
    """
    folder, slash, end = href.rpartition("/")
    folder = f"{folder}/" if slash else "./"
    named = slash or end[:1] not in ("", "?")
    plain = named and _PLAIN_END.fullmatch(end) and not _NO_FOLDER.search(folder)
    return (folder, end) if plain else None
