"""The ledger's head, noted in a file beside: what shows that a ledger's end was cut off.

It is written after each commit and read before each use, so that it is never ahead of the ledger.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path

from transforms.aggregate.ledger.chain import Head
from transforms.aggregate.ledger.store import LedgerError


def read(path: Path) -> Head | None:
    """What was noted last; None if nothing was.

    Raises LedgerError where it cannot be read.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Head(str(content["ledger"]), int(content["entries"]), str(content["hash"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LedgerError(
            f"{path}: the note of the ledger's head cannot be read ({type(error).__name__}): "
            "restore it from a backup"
        ) from None


def write(path: Path, head: Head) -> None:
    """Note a head, unless a later one is there already; the file is there whole or not at all.

    Raises LedgerError where it cannot be written.
    """
    noted = read(path)
    if noted is not None and noted.ledger == head.ledger and noted.entries >= head.entries:
        return
    try:
        # With mode 0600.
        number, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                json.dump(asdict(head), file)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise LedgerError(
            f"{path}: the ledger's head cannot be noted ({error.strerror}). What was entered "
            "stands; make the folder writable, then repeat"
        ) from None
