"""Places keep their kind and lose their identity."""

import re

import pytest

from transforms.pseudonymise import grammar, lexicon, places, regions
from transforms.pseudonymise.lexicon import fold

KEY = b"k" * 32
GB, US, DE, ES = (lexicon.load(locale) for locale in ("en_GB", "en_US", "de_DE", "es_ES"))


@pytest.mark.parametrize("code", ["SW1A 1AA", "M1 1AE", "LS1 4AB", "ls14ab", "EH12 9ZZ", "LS1"])
def test_uk_postcodes_change_their_area_and_keep_their_form(code: str) -> None:
    new = places.postcode(KEY, code)
    letters, new_letters = (re.match(r"[A-Za-z]+", c).group() for c in (code, new))  # type: ignore[union-attr]

    def form(text: str) -> str:
        return re.sub(r"[a-z]", "a", re.sub(r"\d", "0", text.lower()))

    # An area has one letter or two.
    assert form(new.removeprefix(new_letters)) == form(code.removeprefix(letters))
    assert 1 <= len(new_letters) <= 2
    assert new_letters.lower() != letters.lower()
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
    match = re.fullmatch(r"Flat \d, \d\d (\w+) Road, ([\w -]+), ([A-Z]{1,2}\d \d[A-Z]{2})", new)
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
        ("Leeds General Infirmary", r"[\w -]+ General Infirmary"),
        ("Ipswich Cottage Hospital", r"[\w -]+ Cottage Hospital"),
        ("St Thomas' Hospital", r"St \w+' Hospital"),
        ("Boots Pharmacy", r"\w+ Pharmacy"),
        ("General Hospital", r"(?!General)\w+ Hospital"),
        ("home health care", r"(?!Home)\w+ health care"),
        ("The Royal Hospital", r"The (?!Royal)\w+ Hospital"),
        ("dept of medical services", r"dept of (?!medical)\w+"),
        ("the hospital", "the infirmary"),
        ("Hospital", "Infirmary"),
        ("the ward", r"the \w+ ward"),
    ],
)
def test_organisations_keep_what_they_are(name: str, form: str) -> None:
    new = places.organisation(KEY, name, GB)
    assert re.fullmatch(form, new)
    assert new != name


GERMAN_CODES = {p: r.towns[0] for r in regions._regions("DE") for p in r.prefixes}


@pytest.mark.parametrize("area", ["LS", "M", "SE", "EC", "B", "NE", "ZE"])
def test_town_and_postcode_move_to_one_region(area: str) -> None:
    region = regions.of_postcode(area, "GB")
    assert region
    town = places.city(KEY, region.towns[0], GB)
    new = places.postcode(KEY, f"{area}4 1AB")
    moved = regions.of_postcode(new, "GB")
    assert moved
    assert moved.towns[0] == town
    assert places.postcode(KEY, f"{area}4") == new.split()[0]


def test_german_spanish_and_american_codes_follow_their_towns() -> None:
    code, town = (
        places.address(KEY, "Hauptstraße 3, 80331 München", DE).split(", ")[1].split(" ", 1)
    )
    assert GERMAN_CODES[code[:2]] == town
    code, town = places.address(KEY, "Calle Mayor 5, 28013 Madrid", ES).split(", ")[1].split(" ", 1)
    assert regions.of_postcode(code, "ES") == regions.of_town(town, "ES")
    assert places.postcode(KEY, "28013", "ES") == code
    # In a British data set too: the town tells the country.
    assert places.address(KEY, "Calle Mayor 5, 28013 Madrid", GB).endswith(f"{code} {town}")
    new = places.address(KEY, "12 Oak St, Boston MA 02118", US)
    match = re.fullmatch(r"\d\d \w+ St, ([\w ]+) ([A-Z]{2}) (\d{5})", new)
    assert match
    state = regions.of_state(match[2])
    assert state == regions.of_town(match[1], "US") == regions.of_postcode(match[3], "US")


def test_no_town_and_no_street_is_one_that_the_record_names() -> None:
    plain = places.city(KEY, "Leeds", GB)
    other = places.city(KEY, "Leeds", GB, frozenset(fold(word) for word in plain.split()))
    assert other not in ("Leeds", plain)
    street = places.address(KEY, "14 Oak Road", GB).split()[1]
    assert street not in places.address(KEY, "14 Oak Road", GB, frozenset((fold(street),)))


@pytest.mark.parametrize(
    ("country", "locale"),
    [("United States", "en_GB"), ("Netherlands", "en_GB"), ("Schweiz", "de_DE"),
     ("Reino Unido", "es_ES"), ("Germany", "en_GB"), ("Frankreich", "de_DE")],
)  # fmt: skip
def test_a_country_becomes_one_that_takes_the_same_article(country: str, locale: str) -> None:
    words = lexicon.load(locale)
    new = places.location(KEY, country, words)
    assert new in words.countries
    assert grammar.takes_article(new, words.language) == grammar.takes_article(
        country, words.language
    )
