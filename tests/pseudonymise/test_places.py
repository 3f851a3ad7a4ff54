"""Places keep their kind and lose their identity."""

import re

import pytest

from transforms.pseudonymise import lexicon, places

KEY = b"k" * 32
GB, US, DE, ES = (lexicon.load(locale) for locale in ("en_GB", "en_US", "de_DE", "es_ES"))


@pytest.mark.parametrize("code", ["SW1A 1AA", "M1 1AE", "LS1 4AB", "ls14ab", "EH12 9ZZ", "LS1"])
def test_uk_postcodes_change_their_area_and_keep_their_form(code: str) -> None:
    new = places.postcode(KEY, code)
    assert re.sub(r"[a-z]", "a", re.sub(r"\d", "0", new.lower())) == re.sub(
        r"[a-z]", "a", re.sub(r"\d", "0", code.lower())
    )
    letters = re.match(r"[A-Za-z]+", code)
    assert letters
    assert not re.fullmatch(letters.group(), re.match(r"[A-Za-z]+", new).group())  # type: ignore[union-attr]
    assert new.islower() == code.islower()


def test_no_uk_postcode_keeps_its_area() -> None:
    for area in ("S", "LS", "SW"):
        for unit in range(400):
            old = f"{area}{1 + unit % 9} {unit // 9 % 10}{'ABDEFGHJ'[unit % 8]}A"
            letters = re.match(r"[A-Z]+", places.postcode(KEY, old))
            assert letters
            assert letters.group() != area


@pytest.mark.parametrize("code", ["02118", "02118-1234", "80331", "K1A 0B1"])
def test_other_postal_codes_keep_their_form(code: str) -> None:
    new = places.postcode(KEY, code)
    assert new != code
    assert re.sub(r"\d", "0", re.sub("[A-Z]", "A", new)) == re.sub(
        r"\d", "0", re.sub("[A-Z]", "A", code)
    )


def test_addresses_keep_their_shape_and_agree_with_their_parts() -> None:
    new = places.address(KEY, "Flat 3, 14 Oak Road, Leeds, LS1 4AB", GB)
    match = re.fullmatch(r"Flat \d, \d\d (\w+) Road, ([\w ]+), ([A-Z]{2}\d \d[A-Z]{2})", new)
    assert match
    assert places.address(KEY, "Oak Road", GB) == f"{match[1]} Road"
    assert places.city(KEY, "LEEDS", GB) == match[2].upper()
    assert places.postcode(KEY, "LS1 4AB") == match[3]


@pytest.mark.parametrize(
    ("address", "form", "words"),
    [
        ("12 Oak St, Boston MA 02118", r"\d\d \w+ St, .+ [A-Z]{2} \d{5}", US),
        ("Musterstraße 12, 80331 München", r"\w+straße \d\d, \d{5} .+", DE),
        ("Calle Mayor 5, 3º B, 28013 Madrid", r"Calle \w+ \d, \dº [A-Z], \d{5} .+", ES),
    ],
)
def test_addresses_of_other_countries(address: str, form: str, words: lexicon.Lexicon) -> None:
    new = places.address(KEY, address, words)
    assert re.fullmatch(form, new)
    for word in ("Oak", "Boston", "02118", "Muster", "München", "Mayor", "Madrid", "28013"):
        assert word not in new


def test_locations_stay_of_their_kind() -> None:
    assert places.location(KEY, "Germany", GB) in GB.countries
    assert places.location(KEY, "Surrey", GB) in GB.regions
    assert places.location(KEY, "Leeds", GB) == places.city(KEY, "Leeds", GB)
    assert places.city(KEY, "München", DE) in DE.cities


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Leeds General Infirmary", r"\w+ General Infirmary"),
        ("St Thomas' Hospital", r"St \w+' Hospital"),
        ("Boots Pharmacy", r"\w+ Pharmacy"),
        ("General Hospital", r"\w+ General Hospital"),
    ],
)
def test_organisations_keep_what_they_are(name: str, form: str) -> None:
    new = places.organisation(KEY, name, GB)
    assert re.fullmatch(form, new)
    assert new != name
