"""Parquet modular encryption of a release's records: for who may have the files, but not all that
pass them on.

Each file has data keys of its own, which pyarrow draws and has wrapped by a key service. The
service here is this process: it wraps them (AES Key Wrap, RFC 3394) under a key that is derived
from the root secret for one project. That key can be handed on alone (``veilbeam key derive``).

Source: Apache Parquet, "Parquet Modular Encryption".
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import pyarrow.dataset as ds
import pyarrow.parquet.encryption as pe
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from transforms.errors import UsageError
from transforms.pseudonymise.keys import DerivedKey, KeyRing, Purpose, RootKey, derive, load_holder

_ID = re.compile(r"veilbeam/([0-9a-f]{16})/(.*)", re.DOTALL)


@dataclass(frozen=True)
class Encryption:
    """What encrypts the files of a project's releases."""

    root: RootKey
    project: str

    def properties(self) -> Any:
        """pyarrow's ``FileEncryptionProperties`` for one new file: AES-GCM with 256 bits for all
        columns and the footer, which holds schema and statistics."""
        service = _KeyService(lambda *_: derive(self.root, Purpose.PARQUET, self.project))
        return _factory(service).file_encryption_properties(
            pe.KmsConnectionConfig(),
            pe.EncryptionConfiguration(
                footer_key=f"veilbeam/{self.root.fingerprint}/{self.project}",
                uniform_encryption=True,
                encryption_algorithm="AES_GCM_V1",
                data_key_length_bits=256,
            ),
        )


@dataclass(frozen=True)
class Decryption:
    """What reads encrypted files."""

    holder: KeyRing | DerivedKey

    @classmethod
    def load(cls, path: Path) -> Self:
        """From a key file, or the file of a derived key.

        Raises UsageError where it is missing, open to others, or neither.
        """
        return cls(load_holder(path))

    def properties(self) -> Any:
        """pyarrow's ``FileDecryptionProperties``: for ``pyarrow.parquet``."""
        return self._factory().file_decryption_properties(
            pe.KmsConnectionConfig(), pe.DecryptionConfiguration()
        )

    def format(self) -> ds.ParquetFileFormat:
        """The format of encrypted files: for ``pyarrow.dataset``."""
        return ds.ParquetFileFormat(
            default_fragment_scan_options=ds.ParquetFragmentScanOptions(
                decryption_config=ds.ParquetDecryptionConfig(
                    self._factory(), pe.KmsConnectionConfig(), pe.DecryptionConfiguration()
                )
            )
        )

    def _factory(self) -> Any:
        return _factory(
            _KeyService(lambda name, project: self.holder.key(name, Purpose.PARQUET, project))
        )


class _KeyService(pe.KmsClient):
    """Wraps data keys in this process."""

    def __init__(self, key: Callable[[str, str], bytes]) -> None:
        """``key`` gives the wrapping key of (fingerprint, project)."""
        super().__init__()
        self._key = key

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> str:
        wrapped = aes_key_wrap(self._named(master_key_identifier), key_bytes)
        return base64.b64encode(wrapped).decode()

    def unwrap_key(self, wrapped_key: str, master_key_identifier: str) -> bytes:
        try:
            wrapped = base64.b64decode(wrapped_key, validate=True)
            return aes_key_unwrap(self._named(master_key_identifier), wrapped)
        except (InvalidUnwrap, binascii.Error):
            raise UsageError(
                "The key that is given is another than the one with which the release was "
                "encrypted, or the file was damaged."
            ) from None

    def _named(self, key_id: str) -> bytes:
        found = _ID.fullmatch(key_id)
        if found is None:
            raise UsageError("The file was encrypted by something else than Veilbeam.")
        return self._key(found[1], found[2])


def _factory(service: _KeyService) -> Any:
    return pe.CryptoFactory(lambda connection: service)
