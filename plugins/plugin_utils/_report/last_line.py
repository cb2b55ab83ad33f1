# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The last line of a terminal, kept for one text while everything else scrolls above it. Private to the collection.

Other callbacks write to the same terminal and know nothing of this one. So it takes the last line out of the region
that scrolls (DECSTBM), as package managers do, and whoever writes goes on as before.
"""

from __future__ import annotations

import atexit
import os
import shutil
from typing import TextIO

_SAVE, _RESTORE, _DOWN, _UP = "\0337", "\0338", "\033D", "\033[1A"
_CLEAR_DOWN, _CLEAR_LINE = "\033[J", "\033[K"
_SMALLEST = 4


class LastLine:
    """The last line of a terminal.

    :arg stream: what leads to the terminal.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._size: tuple[int, int] | None = None
        self._owner = 0
        self._is_closed = False

    def show(self, text: str) -> None:
        """Put a text there, cut to the width; takes the line first, and again where the terminal's size has changed.

        Nothing is shown once it was closed.
        """
        columns, rows = shutil.get_terminal_size()
        if rows < _SMALLEST or self._is_closed:
            return
        if self._size != (columns, rows):
            self._take(rows)
            self._size = (columns, rows)
        clean = "".join(letter if letter.isprintable() else "?" for letter in text)
        self._write(f"{_SAVE}\033[{rows};1H{_CLEAR_LINE}{clean[: columns - 1]}{_RESTORE}")

    def close(self) -> None:
        """Give the line back for good; of an interrupted run, a thread of Ansible may still say how far it is."""
        self._is_closed = True
        if self._size is None or self._owner != os.getpid():
            return
        rows, self._size = self._size[1], None
        atexit.unregister(self.close)
        # Setting the region moves the cursor to the top, hence save and restore.
        self._write(f"{_SAVE}\033[1;{rows}r{_RESTORE}{_SAVE}\033[{rows};1H{_CLEAR_LINE}{_RESTORE}")

    def _take(self, rows: int) -> None:
        if self._size is None:
            # An interrupted run gives it back as well; a fork of Ansible does not.
            self._owner = os.getpid()
            atexit.register(self.close)
        # One line down first: where the cursor is on the last line, the text above makes room.
        self._write(f"{_DOWN}{_UP}{_SAVE}\033[1;{rows - 1}r{_RESTORE}{_CLEAR_DOWN}")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
