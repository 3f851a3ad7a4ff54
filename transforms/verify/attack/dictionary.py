"""Token dictionary: someone has a list of identifiers, and computes what their tokens might be.

Without the key: the values themselves, unkeyed hashes of them in all usual forms and encodings, cut
or not, HMACs under keys that one would guess, and Veilbeam's own tokens under such root secrets.
Chance: none, since a token has 100 bits.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Set
from functools import partial, reduce
from typing import Any, NamedTuple

from transforms.fields import FieldSpec, Treatment
from transforms.pseudonymise import tokens
from transforms.pseudonymise.keys import KEY_BYTES, Purpose, RootKey, derive
from transforms.verify.attack.evidence import Evidence, Person
from transforms.verify.attack.result import Result

NAME = "token dictionary without the key"
_TRIED_FIRST = 50
"""People by whom it is found out which of the schemes are worth trying on all."""
_VALUES_FIRST = 10
"""Values of each of them."""
_SHORTEST = 8
"""Characters that a token must share with a guess: fewer agree by chance."""
_HASHES = (
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b",
    "blake2s",
)  # fmt: skip
_SECRETS = ("", "secret", "password", "key", "salt", "veilbeam", "pepper", "changeme", "test")
_FORMS: dict[str, Callable[[str], str]] = {
    "as it is": lambda value: value,
    "lower case": lambda value: value.lower(),
    "upper case": lambda value: value.upper(),
    "letters and digits": lambda value: "".join(filter(str.isalnum, value.lower())),
    "normalised": lambda v: " ".join(unicodedata.normalize("NFKC", v).casefold().split()),
}
_ENCODINGS: dict[str, Callable[[bytes], str]] = {
    "hex": lambda raw: raw.hex(),
    "base 32": lambda raw: base64.b32encode(raw).decode(),
    "base 64": lambda raw: base64.b64encode(raw).decode(),
    "URL-safe base 64": lambda raw: base64.urlsafe_b64encode(raw).decode(),
    "a number": lambda raw: str(int.from_bytes(raw)),
}


class _Scheme(NamedTuple):
    """One way to make a token."""

    name: str
    make: Callable[[str], str]


def attack(evidence: Evidence, project: str) -> Result:
    """How many people have a token that follows from their identifier without the key.

    ``project``: the name of the release's project, which its manifest states.
    """
    fields = [
        f
        for f in evidence.fields
        if f.treatment in (Treatment.TOKEN, Treatment.ENCRYPT, Treatment.FPE)
        and f.name in evidence.read
        and f.name in evidence.published
    ]
    if not fields:
        return Result.not_possible(NAME, "the release has no tokens")
    people, fallen, worked = evidence.people, set(), Counter[str]()
    for field in fields:
        some = people[:: max(1, len(people) // _TRIED_FIRST)]
        pairs = [
            (sorted(values)[:_VALUES_FIRST], bodies)
            for values, bodies in (_of(evidence, person, field) for person in some)
        ]
        promising = [
            scheme
            for scheme in _schemes(field, project)
            if any(_hits(scheme, values, bodies) for values, bodies in pairs)
        ]
        for person in people if promising else ():
            values, bodies = _of(evidence, person, field)
            for scheme in promising:
                if _hits(scheme, values, bodies):
                    fallen.add(person.token)
                    worked[f"{field.name}: {scheme.name}"] += 1
                    break
    return Result.of(
        NAME,
        targets=len(people),
        claims=len(fallen),
        fell=len(fallen),
        tries=len(people),
        probability=0.0,
        details=dict(worked),
        note=f"of {', '.join(f.name for f in fields)}",
    )


def _of(evidence: Evidence, person: Person, field: FieldSpec) -> tuple[set[str], set[str]]:
    """A person's values, and what stands for them in the release."""
    told = evidence.told(person.release, field.name)
    return set(evidence.own(person, field.name)), {_body(token, field) for token in told}


def _hits(scheme: _Scheme, values: Iterable[str], bodies: Set[str]) -> bool:
    """Whether one of the tokens is what the scheme makes of one of the values, cut or not."""
    lengths = {len(body) for body in bodies if len(body) >= _SHORTEST}
    for value in values:
        guess = scheme.make(value).casefold().rstrip("=")
        if guess in bodies or any(guess[:length] in bodies for length in lengths):
            return True
    return False


def _body(token: str, field: FieldSpec) -> str:
    """A token without the name of its kind before it."""
    return token.removeprefix(f"{field.entity}_").casefold().rstrip("=")


def _schemes(field: FieldSpec, project: str) -> Iterator[_Scheme]:
    for form, normal in _FORMS.items():
        yield _Scheme(f"the value ({form})", normal)
        yield _Scheme(f"the value backwards ({form})", _chain(normal, lambda value: value[::-1]))
        for encoding, encode in _ENCODINGS.items():
            for name, digest in _digests(field, project):
                make = _chain(normal, str.encode, digest, encode)
                yield _Scheme(f"{name} in {encoding} ({form})", make)
    yield from _own_schemes(field, project)


def _digests(field: FieldSpec, project: str) -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    yield "the value", bytes
    yield "CRC-32", lambda raw: binascii.crc32(raw).to_bytes(4)
    for name in _HASHES:
        yield f"unkeyed {name}", partial(_hash, name)
    for secret in (*_SECRETS, project, str(field.entity)):
        yield "SHA-256 HMAC under a guessable key", partial(_mac, secret.encode())


def _own_schemes(field: FieldSpec, project: str) -> Iterator[_Scheme]:
    """Veilbeam's tokens under root secrets that somebody might have typed."""
    roots = [bytes([fill]) * KEY_BYTES for fill in (0x00, 0x01, 0x11, 0xAA, 0xFF)]
    roots += [bytes(range(KEY_BYTES)), b"0" * KEY_BYTES]
    roots += [hashlib.sha256(text.encode()).digest() for text in (*_SECRETS, project)]
    entity = str(field.entity)
    for root in roots:
        key = derive(RootKey(root), Purpose.TOKENS, project)
        for token in (tokens.token, tokens.token_in_text):
            make = _chain(partial(token, key, entity), partial(_body, field=field))
            yield _Scheme("Veilbeam's token under a guessable root secret", make)


def _chain(*steps: Callable[[Any], Any]) -> Callable[[str], str]:
    """One after the other."""
    return lambda value: reduce(lambda result, step: step(result), steps, value)


def _hash(name: str, raw: bytes) -> bytes:
    return hashlib.new(name, raw).digest()


def _mac(secret: bytes, raw: bytes) -> bytes:
    return hmac.digest(secret, raw, "sha256")
