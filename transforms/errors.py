"""Errors whose text is written for the person who reads it."""


class VeilbeamError(Exception):
    """A problem that the user can mend; its text says what is wrong, where, and what to do.

    The command prints the text and exits with ``exit_code``; it never prints a traceback for it.
    The text holds no value of a record.
    """

    exit_code = 1


class UsageError(VeilbeamError):
    """Bad usage, configuration or source; found before any record is processed."""

    exit_code = 2
