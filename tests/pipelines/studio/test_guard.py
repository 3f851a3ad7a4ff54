"""Who may ask: the page itself, and nobody else."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers

from pipelines.studio.guard import HEADERS, Access

ACCESS = Access(4321)
OWN = {"host": "127.0.0.1:4321"}
SENT = OWN | {
    "origin": "http://127.0.0.1:4321",
    "sec-fetch-site": "same-origin",
    "content-type": "application/json",
}


def refusal(
    method: str, headers: dict[str, str], path: str | None = None, *more: tuple[str, str]
) -> str | None:
    raw = [(k.encode(), v.encode()) for k, v in (*headers.items(), *more)]
    where = f"/{ACCESS.token}/look" if path is None else path
    return ACCESS.refusal(method, where, Headers(raw=raw))


def test_the_page_itself_is_answered() -> None:
    assert refusal("GET", OWN) is None
    assert refusal("GET", OWN | {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"}) is None
    assert refusal("POST", SENT) is None


@pytest.mark.parametrize(
    "path",
    ["/", "/look", "//look", f"/{ACCESS.token[:-1]}/", f"/{ACCESS.token}x/", "/é/"],
    # A token is another one in every process: no part of a test's name.
    ids=["none", "none, a page", "empty", "shorter", "longer", "not ASCII"],
)
def test_a_wrong_token_is_refused(path: str) -> None:
    assert refusal("GET", OWN, path) is not None


def test_tokens_are_long_random_and_not_in_the_representation() -> None:
    assert len({Access(1).token for _ in range(20)}) == 20
    assert len(ACCESS.token) >= 43  # 256 bits
    assert ACCESS.token not in repr(ACCESS)


@pytest.mark.parametrize(
    "host",
    [
        "localhost:4321",
        "127.0.0.1",
        "127.0.0.1:80",
        "evil.example:4321",
        "127.0.0.1:4321.evil.example",
    ],
)
def test_another_host_is_refused_as_dns_rebinding_sends_it(host: str) -> None:
    assert refusal("GET", {"host": host}) is not None
    assert refusal("POST", SENT | {"host": host, "origin": f"http://{host}"}) is not None


def test_two_hosts_or_origins_are_refused() -> None:
    assert refusal("GET", OWN, None, ("host", "evil.example")) is not None
    assert refusal("POST", SENT, None, ("origin", "http://evil.example")) is not None


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:4321", ""])
def test_another_origin_is_refused(origin: str) -> None:
    assert refusal("GET", OWN | {"origin": origin}) is not None
    assert refusal("POST", SENT | {"origin": origin}) is not None


def test_another_site_may_open_the_page_but_not_frame_load_or_post_to_it() -> None:
    cross = OWN | {"sec-fetch-site": "cross-site"}
    opened = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert refusal("GET", cross | opened) is None
    assert refusal("GET", cross | opened | {"sec-fetch-dest": "iframe"}) is not None
    assert refusal("GET", cross | {"sec-fetch-mode": "no-cors"}) is not None
    assert refusal("POST", SENT | {"sec-fetch-site": "cross-site"}) is not None
    assert refusal("POST", SENT | {"sec-fetch-site": "same-site"}) is not None


def test_a_post_bears_its_origin_and_json() -> None:
    assert refusal("POST", {k: v for k, v in SENT.items() if k != "origin"}) is not None
    for kind in ("text/plain", "application/x-www-form-urlencoded", ""):
        assert refusal("POST", SENT | {"content-type": kind}) is not None


def test_the_policy_lets_nothing_in_from_elsewhere_nor_out() -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";")
    )
    assert policy.pop("default-src") == "'none'"
    sources = {source for part in policy.values() for source in part.split()}
    assert sources <= {"'self'", "'none'", "'script'", "data:"}
    assert policy["script-src"] == policy["connect-src"] == "'self'"
    assert HEADERS["Cache-Control"] == "no-store"
