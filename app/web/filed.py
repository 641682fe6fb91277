"""Does the operator's inventory.toml say what is in force? The pages change the register alone."""

from __future__ import annotations

from app.home import Home
from app.register_changes import compare
from storage.inventory import InventoryError, read_toml
from storage.ledger import Ledger

DIFFERS = (
    "数据目录中的 inventory.toml 与现行登记册不同（{changes}）。"
    "现行登记册以网页所示为准，该文件不会自动更新；"
    "在服务器上重新载入该文件会被拦下并要求确认。请下载 inventory.toml 替换该文件。"
)
UNREADABLE = "数据目录中的 inventory.toml 无法读取或有错误；现行登记册不受影响。"


class Filed:
    """One home's file beside its register; compared anew when either has changed."""

    def __init__(self, home: Home, ledger: Ledger) -> None:
        self._path, self._ledger = home.path("inventory.toml"), ledger
        self._last: tuple[object, str | None] = (None, None)

    def words(self) -> str | None:
        """What is to be told of the file; None: nothing."""
        if not self._path.is_file():
            return None
        now = self._path.stat()
        state = now.st_mtime_ns, now.st_size, self._ledger.register_changed_at()
        if state != self._last[0]:
            self._last = state, self._compared()
        return self._last[1]

    def _compared(self) -> str | None:
        try:
            written = read_toml(self._path.read_text(encoding="utf-8-sig"), self._path.name)
        except (InventoryError, OSError, UnicodeDecodeError):
            return UNREADABLE
        changes = compare(self._ledger.inventory(), written)
        # The file that `xunjian init` leaves holds nothing, and cannot be loaded over anything.
        if not changes.any or not any(written.values()):
            return None
        return DIFFERS.format(changes=f"按该文件将{changes}")
