"""Pieces of the patterns of labelled numbers: "<label> number is: <identifier>"."""

from __future__ import annotations

NUMBER_WORD = (
    r"(?:[ -]?(?:numbers?|no\b|num\b|nr\b|n[º°]|#|ids?\b|i\.d|identifier|identification|code|"
    r"nummer|"
    r"n[uú]mero|kennung|de[ ]serie)[.:]?(?:[ ](?:number|no\b|nr\b))?)"
)
GAP = (
    r"(?:[\s:=#(\"'.-]|(?:is|was|it['’]s|it|es|ist|lautet|of|the|um|uh|so|yes|on|card|tarjeta)"
    r"(?=[\s:,])){0,12}"
)
"""What stands between a label and its identifier, at most."""
IDENTIFIER = (
    r"(?<![\p{L}\d])(?:\d(?:[ ,]{1,2}\d){3,14}(?!\d)|"
    r"(?:[A-Z]{1,4}[ -]?)?\d{2,4}(?:[ -]\d{2,4}){2,4}(?![\p{L}\d])|"
    r"(?:[A-Z]{1,5}[-/]?){0,2}\d[A-Z0-9]{0,14}(?:[-/][A-Z0-9]{1,14}){0,3}(?![\p{L}\d]|[.,]\d))"
)
"""Letters and digits, in groups or not; with a digit in it."""


def has_digits(value: str, least: int) -> bool:
    """Whether ``value`` holds at least that many digits."""
    return sum(c.isdecimal() for c in value) >= least
