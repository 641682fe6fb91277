"""Documents reach the disk whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_whole(files: Mapping[str, bytes], folder: Path) -> list[Path]:
    """Write each file beside its name and rename it there; returns the paths.

    All bytes exist before the first file is touched. Raises OSError when the disk refuses.
    """
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / name, body) for name, body in files.items()]


def _write(path: Path, body: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files for the owner alone; a report is as readable as its folder.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path
