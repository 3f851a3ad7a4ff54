"""A worker process on this machine: Beam's own, but for its end.

An interrupt may come in the middle of an import, or while a lock is held: what Python then does on
its way out may wait for ever, and who waits for the process with it.
"""

from __future__ import annotations

import faulthandler
import os
import sys

from apache_beam.runners.worker import sdk_worker_main

GRACE = 5
"""Seconds that a worker has to end."""


def main() -> None:
    """Work for as long as there is any, then end: cleanly, or after ``GRACE`` seconds anyhow."""
    try:
        sdk_worker_main.main(sys.argv)
    finally:
        # Not a thread of Python's, which would wait for the same lock.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        faulthandler.dump_traceback_later(GRACE, exit=True, file=nowhere)


if __name__ == "__main__":
    main()
