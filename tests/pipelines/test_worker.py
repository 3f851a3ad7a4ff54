"""A worker process ends, whatever keeps it."""

import subprocess
import sys
import time

STUCK = """
import threading
from pipelines import worker

worker.GRACE = 1

def work(arguments):
    threading.Thread(target=threading.Event().wait).start()  # never ends, and is waited for
    raise KeyboardInterrupt

worker.sdk_worker_main.main = work
worker.main()
"""


def test_a_worker_that_cannot_end_is_ended():
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", STUCK], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert time.monotonic() - begun < 30
    assert "Thread 0x" not in done.stderr
