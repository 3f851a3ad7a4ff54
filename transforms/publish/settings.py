"""Settings of the publish stage: the ``publish`` section of the configuration file."""

from __future__ import annotations

import math
from typing import Annotated

from pydantic import Field, StringConstraints, field_validator

from transforms.fields import Settings

SplitName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=60)]
Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class PublishSettings(Settings):
    """How records are split and written, and what the data card calls the data set."""

    splits: dict[SplitName, Share] = {"train": 0.8, "validation": 0.1, "test": 0.1}
    """Share of the subjects in each split; the shares add up to 1. All records of a subject are
    in one split."""
    file_bytes: Annotated[int, Field(ge=1_000_000)] = 128_000_000
    """A split is cut into as many files of equal size as keep each near or below so many bytes."""
    row_group_bytes: Annotated[int, Field(ge=1_000_000, le=1_000_000_000)] = 32_000_000
    """A file is cut into row groups whose records have about so many bytes before compression: the
    most that a reader needs to hold at once."""
    encrypt: bool = False
    """Whether files of records are encrypted (Parquet modular encryption), under a key derived
    from the root secret."""
    title: str | None = None
    """Name of the data set on its data card."""
    description: str | None = None
    """What the data set is, in the words of its publisher; opens the data card."""
    licence: str | None = None
    """Licence or terms under which the release is shared, as the data card states them."""
    publisher: str | None = None
    """The organisation that answers for the release."""
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None
    """Where more about the data set can be read."""
    citation: str | None = None
    """How the data set is cited."""
    collection: str | None = None
    """How and from whom the records were collected, and on which legal basis."""

    @field_validator("splits")
    @classmethod
    def _whole(cls, splits: dict[str, float]) -> dict[str, float]:
        total = math.fsum(splits.values())
        if abs(total - 1) > 1e-9:
            raise ValueError(f"the shares add up to {total:g}; they must add up to 1")
        # Some file systems ignore case: two such splits would share a folder there.
        if len({name.lower() for name in splits}) != len(splits):
            raise ValueError("two splits have names that differ in case alone; rename one")
        return splits
