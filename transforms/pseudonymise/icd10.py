"""Diagnosis codes of ICD-10, made coarser.

The chapters are those of the World Health Organization (https://icd.who.int/browse10/2019/en). The
national modifications (ICD-10-CM, ICD-10-GM) have the same, a few of them with more codes at an
end; they are named by WHO's ranges all the same.
"""

from __future__ import annotations

import re

from transforms.fields import Icd10

_CODE = re.compile(r"([A-Z])(\d)([\dA-Z])(?:\.?[\dA-Z-]{1,4})?\s*[+*†!#]?", re.IGNORECASE)
_CHAPTERS = (
    "A00-B99", "C00-D48", "D50-D89", "E00-E90", "F00-F99", "G00-G99", "H00-H59", "H60-H95",
    "I00-I99", "J00-J99", "K00-K93", "L00-L99", "M00-M99", "N00-N99", "O00-O99", "P00-P96",
    "Q00-Q99", "R00-R99", "S00-T98", "V01-Y98", "Z00-Z99", "U00-U99",
)  # fmt: skip
_STARTS = {"D5": "D50-D89", "D6": "D50-D89", "D7": "D50-D89", "D8": "D50-D89"} | {
    f"H{digit}": "H60-H95" for digit in "6789"
}
"""Where a chapter begins or ends within a letter."""


def coarser(value: str, level: Icd10) -> str | None:
    """The category (I21) or chapter (I00-I99) of a code; None for what is no code of ICD-10.

    The form is checked, not whether the code exists.
    """
    match = _CODE.fullmatch(value.strip())
    if match is None:
        return None
    letter, first, second = (part.upper() for part in match.groups())
    if level is Icd10.CATEGORY:
        return letter + first + second
    inside = _STARTS.get(letter + first)
    return inside or next(c for c in _CHAPTERS if c[0] <= letter <= c[4])
