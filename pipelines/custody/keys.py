"""The life of a root secret: made, rotated, derived from, destroyed, each entered in the log."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipelines.custody.zone import existing_zone, key_file, log_of
from pipelines.zones import RestrictedZone
from transforms.errors import UsageError
from transforms.pseudonymise import keys
from transforms.pseudonymise.keys import DerivedKey, KeyRing, KeySource, Purpose


def create(restricted: Path, key: Path | None, kms: str | None) -> KeyRing:
    """Make a root secret, and the restricted zone if there is none.

    Raises UsageError where there is a key already, or VeilbeamError where the service refuses.
    """
    zone = RestrictedZone(restricted)
    log = log_of(zone)
    ring = keys.create(key_file(zone, key), kms)
    log.append("key create", key=ring.versions[0].fingerprint, kms=kms)
    return ring


def rotate(restricted: Path, key: Path | None, kms: str | None) -> KeyRing:
    """Make a new current version; the older ones stay for opening. Raises as ``create`` does."""
    zone = existing_zone(restricted)
    log = log_of(zone)
    ring = keys.rotate(key_file(zone, key), kms)
    log.append("key rotate", key=ring.versions[0].fingerprint, kms=kms)
    return ring


def derive(restricted: Path, key: Path | None, purpose: str, project: str, out: Path) -> DerivedKey:
    """Write the current version's key of one purpose and project to a new file.

    Raises UsageError where the file is there or cannot be made.
    """
    zone = existing_zone(restricted)
    log = log_of(zone)
    if out.exists():
        raise UsageError(f"--out {out}: is there already; name a new file.")
    derived = DerivedKey.of(KeySource.find(key, zone.key).ring(), Purpose(purpose), project)
    log.append("key derive", key=derived.fingerprint, purpose=purpose, project=project)
    derived.write(out)
    return derived


def destroy(restricted: Path, key: Path | None, fingerprints: Sequence[str]) -> KeyRing:
    """Destroy versions for good. Raises UsageError where one is not there, or the current one would
    go before the others."""
    zone = existing_zone(restricted)
    log = log_of(zone)
    file = key_file(zone, key)
    keys.load(file).without(fingerprints)  # Refused before it is logged.
    log.append("key destroy", keys=list(fingerprints))
    return keys.destroy(file, fingerprints)
