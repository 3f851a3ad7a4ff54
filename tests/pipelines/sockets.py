"""Where the processes of a run listen, as the kernel tells it."""

from __future__ import annotations

import ipaddress
from contextlib import suppress
from pathlib import Path

_LISTEN = "0A"


def tree(pid: int) -> set[int]:
    """A process and all below it that live now."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text()
            except OSError:
                continue
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(entry.name))
    found, todo = {pid}, [pid]
    while todo:
        below = parents.get(todo.pop(), [])
        found.update(below)
        todo += below
    return found


def listening(pids: set[int]) -> set[tuple[str, int]]:
    """(address, port) of each TCP socket on which one of these processes listens."""
    inodes = set()
    for pid in pids:
        with suppress(OSError):
            for descriptor in Path(f"/proc/{pid}/fd").iterdir():
                # It may be closed by now; of this process, the listing's own always is.
                with suppress(OSError):
                    link = str(descriptor.readlink())
                    if link.startswith("socket:["):
                        inodes.add(link[8:-1])
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            cells = line.split()
            if cells[3] == _LISTEN and cells[9] in inodes:
                address, port = cells[1].split(":")
                found.add((_address(address), int(port, 16)))
    return found


def beyond_loopback(sockets: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those that another machine could reach."""
    found = set()
    for address, port in sockets:
        ip = ipaddress.ip_address(address)
        mapped = getattr(ip, "ipv4_mapped", None)
        if not (mapped or ip).is_loopback:
            found.add((address, port))
    return found


def _address(text: str) -> str:
    """The kernel writes an address as little-endian words of 32 bits."""
    words = [bytes.fromhex(text[i : i + 8])[::-1] for i in range(0, len(text), 8)]
    return str(ipaddress.ip_address(b"".join(words)))
