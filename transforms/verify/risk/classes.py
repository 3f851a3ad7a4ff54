"""Classes of equal quasi-identifiers: how many subjects each has, and who tells them apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl

from transforms.verify.risk.numbering import numbers_of
from transforms.verify.risk.trails import RECORDS, SUBJECTS, TRAIL

CLASS = "r:class"
"""The number of a class; a column beside those of a table of trails."""
PEOPLE = "r:people"
"""How many of the population have a class's values."""


def classed(trails: pl.DataFrame, quasi: Sequence[str]) -> pl.DataFrame:
    """The table with the ``CLASS`` of each row."""
    return trails.with_columns(pl.Series(CLASS, numbers_of(trails, quasi)))


def sizes(classed: pl.DataFrame) -> pl.DataFrame:
    """``CLASS``, ``SUBJECTS`` (different ones) and ``RECORDS`` of each class."""
    return (
        classed.group_by(CLASS, TRAIL)
        .agg(pl.col(SUBJECTS).first(), pl.col(RECORDS).sum())
        .group_by(CLASS)
        .agg(pl.col(SUBJECTS, RECORDS).sum())
    )


class Attackers(NamedTuple):
    """What three attackers achieve (El Emam 2013; as ARX's ``RiskModelSampleSummary`` has them).

    The unit is a subject in a class, as ARX's is a record: where each subject has one record, all
    is as in ARX. Shares of the units, or probabilities; 0 where there are none.
    """

    highest: float
    """The highest probability with which one is re-identified."""
    average: float
    """The share that is re-identified on average."""
    at_risk: float
    """The share whose probability is above the threshold."""


def prosecutor(sizes: pl.DataFrame, threshold: float) -> Attackers:
    """Of someone who knows that a person is in the data: 1/f in a class of f subjects.

    Average: number of classes / number of units.
    """
    if not sizes.height:
        return Attackers(0.0, 0.0, 0.0)
    subjects = sizes[SUBJECTS]
    total = int(subjects.sum())
    at_risk = int(subjects.filter(1 / subjects > threshold).sum())
    return Attackers(1 / int(str(subjects.min())), sizes.height / total, at_risk / total)


def journalist(sizes: pl.DataFrame, threshold: float) -> Attackers:
    """Of someone who does not know whether a person is in the data: 1/F, where F of the population
    (``PEOPLE``) have the values of the class.

    Average: the larger of (classes / sum of F) and (mean of 1/F over the units).
    """
    if not sizes.height:
        return Attackers(0.0, 0.0, 0.0)
    subjects, people = sizes[SUBJECTS], sizes[PEOPLE]
    total = int(subjects.sum())
    at_risk = int(subjects.filter(1 / people > threshold).sum()) / total
    average = max(sizes.height / int(people.sum()), marketer(sizes))
    return Attackers(1 / int(str(people.min())), average, at_risk)


def marketer(sizes: pl.DataFrame) -> float:
    """The share that someone re-identifies who goes for as many as possible: the mean of 1/F over
    the units; F = f where no population is known (no ``PEOPLE``)."""
    if not sizes.height:
        return 0.0
    subjects = sizes[SUBJECTS]
    if PEOPLE not in sizes.columns:
        return sizes.height / int(subjects.sum())
    return float((subjects / sizes[PEOPLE]).sum()) / int(subjects.sum())
