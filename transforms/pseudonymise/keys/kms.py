"""Key management services: who keeps the key that wraps the root secret.

A root secret that is wrapped can be stored anywhere: only the service opens it (envelope
encryption, NIST SP 800-57 part 1, section 6.2.2). Nothing is asked but what a key's own line names.

    file:///media/stick/kek               a key in a file elsewhere; AES key wrap (RFC 3394)
    aws-kms://alias/veilbeam              AWS KMS, or whatever speaks its protocol
    aws-kms://arn:aws:kms:eu-west-2:111122223333:key/1234abcd-...
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from transforms.errors import UsageError, VeilbeamError

from .closed import read_closed
from .root import RootKey

_CONTEXT = {"application": "veilbeam", "use": "root secret"}
"""Authenticated with what is wrapped; a policy of AWS can demand it."""
_SECONDS = 10


class KeyService(Protocol):
    """Wraps and unwraps a few bytes. Both raise VeilbeamError where that is refused."""

    def wrap(self, secret: bytes) -> bytes:
        """The secret as it may be stored."""
        ...

    def unwrap(self, wrapped: bytes) -> bytes:
        """The way back."""
        ...


def is_url(text: str) -> bool:
    """Whether the text has the form of a service's URL."""
    return text.startswith(("file://", "aws-kms://"))


@lru_cache(maxsize=8)
def service(url: str) -> KeyService:
    """The service that a URL names; nothing is asked of it yet.

    Raises UsageError where there is none, or what it needs is not installed.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "file" and rest.startswith("/"):
        return _FileService(Path(rest))
    if scheme == "aws-kms" and rest:
        return _AwsService(rest)
    raise UsageError(
        f"{url!r} names no key management service; give file:///path/of/a/key, "
        "aws-kms://alias/NAME or aws-kms://ARN"
    )


@lru_cache(maxsize=8)
def unwrap(url: str, wrapped: bytes) -> bytes:
    """What the service says; each process asks once."""
    return service(url).unwrap(wrapped)


class _FileService:
    """A key-encryption key in a file, such as one on another disk or a mounted secret."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def wrap(self, secret: bytes) -> bytes:
        return aes_key_wrap(self._key(), secret)

    def unwrap(self, wrapped: bytes) -> bytes:
        try:
            return aes_key_unwrap(self._key(), wrapped)
        except (InvalidUnwrap, ValueError):
            raise UsageError(
                f"Wrapping key {self._path} is not the one with which the root secret was wrapped, "
                "or what is wrapped was changed."
            ) from None

    def _key(self) -> bytes:
        what = f"Wrapping key {self._path}"
        return RootKey.parse(read_closed(self._path, what), what).secret


class _AwsService:
    """AWS KMS by boto3, which takes region, credentials and endpoint from where it always does
    (``AWS_REGION``, ``AWS_PROFILE``, ``AWS_ENDPOINT_URL_KMS`` ...)."""

    def __init__(self, key_id: str) -> None:
        self._key_id = key_id
        try:
            import boto3
            from botocore.config import Config
            from botocore.exceptions import BotoCoreError, ClientError
        except ImportError:
            raise UsageError(
                f"aws-kms://{key_id} needs boto3: pip install 'veilbeam[aws]'"
            ) from None
        self._refusals = (BotoCoreError, ClientError)
        region = re.match(r"arn:[\w-]+:kms:([\w-]+):", key_id)
        try:
            self._client = boto3.client(
                "kms",
                region_name=region[1] if region else None,
                config=Config(
                    connect_timeout=_SECONDS,
                    read_timeout=_SECONDS,
                    retries={"total_max_attempts": 3},
                ),
            )
        except (BotoCoreError, ValueError) as error:
            raise UsageError(f"aws-kms://{key_id} cannot be asked: {error}") from None

    def wrap(self, secret: bytes) -> bytes:
        answer = self._ask("encrypt", Plaintext=secret)
        return bytes(answer["CiphertextBlob"])

    def unwrap(self, wrapped: bytes) -> bytes:
        answer = self._ask("decrypt", CiphertextBlob=wrapped)
        return bytes(answer["Plaintext"])

    def _ask(self, operation: str, **given: bytes) -> Any:
        try:
            return getattr(self._client, operation)(
                KeyId=self._key_id, EncryptionContext=_CONTEXT, **given
            )
        except self._refusals as error:
            # A client's error has a code; any other says itself what it lacks.
            code = getattr(error, "response", {}).get("Error", {}).get("Code")
            raise VeilbeamError(
                f"aws-kms://{self._key_id} refuses to {operation} the root secret "
                f"({code or error}). Check that the key is there and enabled, that these "
                "credentials may use it, and that the secret was wrapped with it."
            ) from None
