"""Erasure of a subject from releases: found by a stand-in, taken out, and entered in the log."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

from pipelines.custody.zone import existing_zone, log_of
from pipelines.zones import new_run_id
from transforms.errors import UsageError
from transforms.fields import Role, Treatment
from transforms.pseudonymise import tokens
from transforms.pseudonymise.encryption import ValueCipher
from transforms.pseudonymise.keys import DerivedKey, KeyRing, KeySource, Purpose
from transforms.publish.erasure import Erasure, require_local
from transforms.publish.manifest import MANIFEST, Column, Manifest, read_manifest


class Forgotten(NamedTuple):
    """What was done with one release."""

    release: str
    erased: int
    """Records taken out; where there were none, nothing was changed."""
    left: int
    tables: int
    """Tables with differential privacy, which stay."""
    has_risk: bool
    """Whether it states the risk that is left, as it was computed before."""


def forget(
    restricted: Path, releases: Sequence[str], subject: str, key: Path | None
) -> list[Forgotten]:
    """Take a subject's records out of releases. ``subject`` is the identifier as the source has it.

    All new releases are made before the first takes an old one's place. The log has its entry, with
    the checksum of the manifest before and after and without anything of the subject, before that:
    which of the two the release's manifest has tells whether it was done.

    Raises UsageError where a release is not whole, not on this machine, does not say whose records
    are whose, or was made with another key; CustodyError where the log is broken.
    """
    zone = existing_zone(restricted, *releases)
    log = log_of(zone)
    if not subject:
        raise UsageError("--subject: give the subject's identifier, as the source has it")
    if len({Path(release).resolve() for release in releases}) != len(releases):
        raise UsageError("--release: one is given twice")
    holder = KeySource.find(key, zone.key).holder()
    done = []
    with ExitStack() as stack:
        open_ = []
        for release in releases:
            require_local(release)
            manifest = read_manifest(release)
            column = _subject_of(release, manifest)
            stand_in = _stand_in(holder, manifest, column, subject)
            erasure = Erasure(release, column.name, stand_in, new_run_id(), holder)
            open_.append((release, stack.enter_context(erasure)))
        for release, erasure in open_:
            if erasure.records:
                log.append(
                    "forget",
                    release=erasure.before.run_id,
                    records=erasure.records,
                    manifest_before=_sha256(Path(release, MANIFEST)),
                    manifest_after=hashlib.sha256(erasure.after.to_json().encode()).hexdigest(),
                )
                erasure.commit()
            after = erasure.after
            done.append(
                Forgotten(
                    release,
                    erasure.records,
                    after.counts.published,
                    len(after.aggregates),
                    after.risk is not None,
                )
            )
    return done


def _subject_of(release: str, manifest: Manifest) -> Column:
    column = next((c for c in manifest.columns if c.role is Role.SUBJECT), None)
    if column is None:
        raise UsageError(
            f"{release!r} does not publish its subjects, so that nobody can tell whose records are "
            "whose. Take the subject out of the source, make the release anew, and withdraw this "
            "one."
        )
    return column


def _stand_in(
    holder: KeyRing | DerivedKey, manifest: Manifest, column: Column, subject: str
) -> str:
    """What stands for the subject in the release. Raises UsageError where the key is another."""
    entity = column.entity or "ID"
    encrypted = column.treatment is Treatment.ENCRYPT
    purpose = Purpose.ENCRYPTION if encrypted else Purpose.TOKENS
    secret = holder.key(manifest.key_fingerprint, purpose, manifest.project)
    if encrypted:
        return ValueCipher(secret, manifest.key_fingerprint).encrypt(entity, subject)
    return tokens.token(secret, entity, subject)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
