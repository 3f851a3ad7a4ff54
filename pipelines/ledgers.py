"""Which ledger a command works on."""

from __future__ import annotations

import os
from pathlib import Path

from pipelines.zones import LEDGER, LEDGER_HEAD
from transforms.aggregate.ledger import Ledger, parse
from transforms.aggregate.settings import AggregateSettings
from transforms.errors import UsageError

LEDGER_VARIABLE = "VEILBEAM_LEDGER"


def open_ledger(
    restricted: Path | None, settings: AggregateSettings | None = None, url: str | None = None
) -> Ledger:
    """The ledger at ``url``; else at $VEILBEAM_LEDGER, else where the settings say, else the file
    in the restricted folder. The folder notes its head in any case.

    Raises UsageError where none of them is given, where variable and settings name two different
    ledgers, or where one cannot be a ledger.
    """
    stated = settings.ledger.get_secret_value() if settings and settings.ledger else None
    from_environment = os.environ.get(LEDGER_VARIABLE) or None
    if url is None and stated and from_environment and _place(stated) != _place(from_environment):
        raise UsageError(
            f"${LEDGER_VARIABLE} and 'aggregate.ledger' of the configuration name two different "
            "ledgers: unset the one that is not meant, or privacy is spent unseen by the other"
        )
    where = url or from_environment or stated
    head = None if restricted is None else restricted / LEDGER_HEAD
    if where is not None:
        _place(where)  # Else a mistyped URL would be a file's name.
        return Ledger(where, head)
    if restricted is None:
        raise UsageError("give --restricted DIR or --ledger URL")
    return Ledger(restricted / LEDGER, head)


def _place(url: str) -> tuple[object, ...]:
    """What makes two URLs name one ledger, whoever logs in by them."""
    try:
        parsed = parse(url)
    except ValueError as error:
        raise UsageError(f"${LEDGER_VARIABLE} or --ledger: {error}") from None
    host = parsed.host or parsed.query.get("host")
    return parsed.drivername.partition("+")[0][:8], host, parsed.port or 5432, parsed.database
