from __future__ import annotations

import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from transforms.errors import UsageError
from transforms.publish.storage import create, join, open_parquet, require_reachable

from . import stores

ROWS = pa.table({"a": list(range(1000))})


@pytest.mark.parametrize("where", ["local", "store"])
def test_no_python_file_is_in_the_hands_of_arrows_threads(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One that is let go of while the interpreter ends aborts the process, once in a while.
    path = join(str(tmp_path) if where == "local" else "bucket://shelf", "a.parquet")
    with create(path) as file:
        pq.write_table(ROWS, file)
    given = []
    opened = pq.ParquetFile
    monkeypatch.setattr(
        pq, "ParquetFile", lambda source, **more: given.append(source) or opened(source, **more)
    )
    with open_parquet(path) as parquet:
        assert parquet.read() == ROWS
    assert [type(source) for source in given] == [
        pa.OSFile if where == "local" else pa.BufferReader
    ]
    stores.OBJECTS.pop(path, None)


@pytest.mark.parametrize(("why", "said"), [("refuses", "OSError"), ("is silent", "no answer in")])
def test_a_store_that_is_out_of_reach_is_told_at_once(
    why: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def match(*_: object) -> None:
        if why == "refuses":
            raise OSError("Unable to locate credentials")
        threading.Event().wait()

    monkeypatch.setattr(stores.Store, "match", match)
    with pytest.raises(UsageError, match=rf"'bucket://shelf/release'.*{said}.*credentials"):
        require_reachable("bucket://shelf/release", seconds=0.5)
