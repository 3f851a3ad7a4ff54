"""The network's labels: each entity's beginning and inside, and what is no entity."""

from __future__ import annotations

ENTITIES = (
    "PERSON",
    "LOCATION",
    "STREET_ADDRESS",
    "POSTCODE",
    "FACILITY",
    "ORGANIZATION",
    "DATE_TIME",
    "DATE_OF_BIRTH",
    "AGE",
    "OCCUPATION",
    "NRP",
    "ID",
    "PHONE_NUMBER",
    "EMAIL_ADDRESS",
    "URL",
    "USER_HANDLE",
    "IP_ADDRESS",
)
"""What the model finds, in the order of its labels."""

NONE = 0
"""The label of a word that belongs to no entity."""

LABELS = 1 + 2 * len(ENTITIES)


def beginning(entity: int) -> int:
    """The label of an entity's first word."""
    return 1 + 2 * entity


def inside(entity: int) -> int:
    """The label of an entity's other words."""
    return 2 + 2 * entity
