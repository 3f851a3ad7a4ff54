"""Check digits of public numbering schemes. Each function takes the bare characters (no spaces)
and says whether the check digit is right."""

from __future__ import annotations

from collections.abc import Iterable


def digits(value: str) -> str:
    """The ASCII digits of ``value``."""
    return "".join(c for c in value if c in "0123456789")


def luhn(number: str) -> bool:
    """Luhn's mod 10 (ISO/IEC 7812-1): IMEI, and NPI behind the prefix 80840."""
    return _luhn_sum(map(int, reversed(number))) % 10 == 0


def _luhn_sum(from_right: Iterable[int]) -> int:
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(from_right))


def npi(number: str) -> bool:
    """US National Provider Identifier (45 CFR 162.406): Luhn over 80840 and the ten digits."""
    return len(number) == 10 and luhn("80840" + number)


def mod11(number: str) -> bool:
    """NHS number (NHS Data Dictionary) and Scotland's CHI: weights 10 to 2, mod 11."""
    if len(number) != 10 or len(set(number)) == 1:
        return False
    check = -sum(int(d) * w for d, w in zip(number, range(10, 1, -1), strict=False)) % 11
    return check == int(number[9])  # 10 is no digit: such numbers are not issued


def kvnr(value: str) -> bool:
    """German Krankenversichertennummer (section 290 SGB V, annex 1): letter and nine digits."""
    letter, number = value[0].upper(), value[1:]
    weighted = f"{ord(letter) - 64:02d}{number[:8]}"
    total = sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(weighted))
    return total % 10 == int(number[8])


def lanr(number: str) -> bool:
    """German Arztnummer (KBV's directive on section 75 (7) SGB V): weights 4 and 9."""
    total = sum(int(d) * (4, 9)[i % 2] for i, d in enumerate(number[:6]))
    return len(number) == 9 and -total % 10 == int(number[6])


def dea(value: str) -> bool:
    """US DEA registration number: two characters and seven digits."""
    d = [int(c) for c in value[-7:]]
    return (d[0] + d[2] + d[4] + 2 * (d[1] + d[3] + d[5])) % 10 == d[6]


_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(value: str) -> bool:
    """Vehicle identification number with the check digit of 49 CFR 565.15 (ninth place)."""
    upper = value.upper()
    total = sum(int(_VIN_VALUES.get(c, c)) * w for c, w in zip(upper, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11] == upper[8]
