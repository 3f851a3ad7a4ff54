"""Encrypted stand-ins come back exactly, to the right key alone."""

import re
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from hypothesis import given
from hypothesis import strategies as st

from transforms.pseudonymise.encryption import Encrypted, ValueCipher
from transforms.pseudonymise.format_preserving import FormatCipher
from transforms.pseudonymise.keys import Purpose, RootKey, derive

ROOT = RootKey(b"k" * 32)
CIPHER = ValueCipher(derive(ROOT, Purpose.ENCRYPTION, "p"), ROOT.fingerprint)
FORMATS = FormatCipher(derive(ROOT, Purpose.FORMAT, "p"))


def parsed(text: str) -> Encrypted:
    found = Encrypted.parse(text)
    assert found is not None
    return found


@given(st.text(max_size=80), st.sampled_from(["PERSON", "UK_NHS", "ID_2"]), st.booleans())
def test_any_value_comes_back_exactly(value: str, entity: str, deterministic: bool) -> None:
    stand_in = CIPHER.encrypt(entity, value, deterministic=deterministic)
    found = parsed(stand_in)
    assert (found.entity, found.key_id) == (entity, ROOT.fingerprint[:8])
    assert CIPHER.decrypt(found) == value


def test_a_stand_in_is_one_word_of_plain_letters_whatever_the_script() -> None:
    for value in ("Jane Smith", "محمد علي", "王小明", "José 🎉", "e\u0301", ""):
        assert re.fullmatch(r"PERSON_[0-9a-f]{8}_[a-z2-7]+", CIPHER.encrypt("PERSON", value))


def test_equal_values_are_equal_unless_they_shall_not_be() -> None:
    assert CIPHER.encrypt("PERSON", "Jane") == CIPHER.encrypt("PERSON", "Jane")
    assert CIPHER.encrypt("PERSON", "Jane") != CIPHER.encrypt("PERSON", "jane")
    assert CIPHER.encrypt("PERSON", "Jane") != CIPHER.encrypt("LOCATION", "Jane")[2:]
    many = {CIPHER.encrypt("PERSON", "Jane", deterministic=False) for _ in range(50)}
    assert len(many) == 50


def test_the_length_shows_in_steps_of_sixteen_bytes_alone() -> None:
    lengths = {len(CIPHER.encrypt("PERSON", "x" * n)) for n in range(16)}
    assert len(lengths) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda e: e._replace(entity="LOCATION"),
        lambda e: e._replace(content=e.content[:-1] + bytes([e.content[-1] ^ 1])),
        lambda e: e._replace(content=e.content[:20]),
        lambda e: e._replace(content=b""),
        lambda e: e._replace(content=b"\x02" + e.content[1:]),
        lambda e: e._replace(content=b"\x07" + e.content[1:]),
    ],
)
@pytest.mark.parametrize("deterministic", [True, False])
def test_what_was_changed_is_not_opened(
    change: Callable[[Encrypted], Encrypted], deterministic: bool
) -> None:
    whole = parsed(CIPHER.encrypt("PERSON", "Jane", deterministic=deterministic))
    if (changed := change(whole)) != whole:
        assert CIPHER.decrypt(changed) is None


def test_another_key_or_project_does_not_open_it() -> None:
    stand_in = parsed(CIPHER.encrypt("PERSON", "Jane"))
    for key in (derive(RootKey(b"j" * 32), Purpose.ENCRYPTION, "p"),
                derive(ROOT, Purpose.ENCRYPTION, "q")):  # fmt: skip
        assert ValueCipher(key, ROOT.fingerprint).decrypt(stand_in) is None


@pytest.mark.parametrize(
    "text",
    ["", "Jane", "PERSON_abc", "PERSON_1a2b3c4d_", "PERSON_1a2b3c4d_a1", "PERSON_1A2B3C4D_aa",
     "<PERSON>", "PERSON_1a2b3c4d_aa x", "PERSON_abcdefghijklmnopqrst"],
)  # fmt: skip
def test_what_is_no_stand_in_is_told_apart(text: str) -> None:
    assert Encrypted.parse(text) is None


def test_the_mode_is_that_of_rfc_5297() -> None:
    # Appendix A.1, with its key of 256 bits.
    key = bytes.fromhex("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")
    header = bytes.fromhex("101112131415161718191a1b1c1d1e1f2021222324252627")
    sealed = AESSIV(key).encrypt(bytes.fromhex("112233445566778899aabbccddee"), [header])
    assert sealed.hex() == "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("943 476 5919", r"\d{3} \d{3} \d{4}"),
        ("MRN-001234/a", r"[A-Z]{3}-\d{6}/[a-z]"),
        ("٩٤٣٤٧٦٥٩١٩", "[٠-٩]{10}"),
        ("京A12345", r"[一-鿿][A-Z]\d{5}"),
        ("Б-123456", r"[А-Я]-\d{6}"),
    ],
)
def test_a_format_stays_and_its_value_comes_back(value: str, form: str) -> None:
    new = FORMATS.encrypt("ID", value)
    assert new is not None
    assert re.fullmatch(form, new)
    assert new != value
    assert FORMATS.decrypt("ID", new) == value


@given(st.from_regex(r"\A[0-9A-Za-z]{8,20}\Z", fullmatch=True), st.sampled_from(["A", "B"]))
def test_any_code_comes_back(value: str, entity: str) -> None:
    new = FORMATS.encrypt(entity, value)
    assert new is not None
    assert FORMATS.decrypt(entity, new) == value
    assert len(new) == len(value)


def test_one_number_in_any_spacing_is_encrypted_alike() -> None:
    plain, spaced = (
        FORMATS.encrypt("UK_NHS", "9434765919"),
        FORMATS.encrypt("UK_NHS", "943-476 5919"),
    )
    assert spaced is not None
    assert plain == re.sub(r"\D", "", spaced)
    assert plain != FORMATS.encrypt("PHONE_NUMBER", "9434765919")


@pytest.mark.parametrize(
    "value", ["12345", "AB1", "", "---", "राम123456", "e\u0301123456", "🎉12345678", "№12345678"]
)
def test_what_is_too_short_or_of_an_unknown_alphabet_has_no_format(value: str) -> None:
    assert FORMATS.encrypt("ID", value) is None
    assert FORMATS.decrypt("ID", value) is None


def test_a_whole_format_is_encrypted_onto_itself() -> None:
    numbers = {FORMATS.encrypt("ID", f"{n:06d}") for n in range(0, 1_000_000, 211)} - {None}
    assert len(numbers) >= 4_739  # 4,740, but for those that are encrypted to themselves.


@pytest.mark.parametrize(
    ("bits", "radix", "tweak", "plain", "sealed"),
    [
        (128, 10, "", "0123456789", "2433477484"),
        (128, 10, "39383736353433323130", "0123456789", "6124200773"),
        (128, 36, "3737373770717273373737", "0123456789abcdefghi", "a9tv40mll9kdu509eum"),
        (192, 10, "", "0123456789", "2830668132"),
        (192, 10, "39383736353433323130", "0123456789", "2496655549"),
        (192, 36, "3737373770717273373737", "0123456789abcdefghi", "xbj3kv35jrawxv32ysr"),
        (256, 10, "", "0123456789", "6657667009"),
        (256, 10, "39383736353433323130", "0123456789", "1001623463"),
        (256, 36, "3737373770717273373737", "0123456789abcdefghi", "xs8a0azh2avyalyzuwd"),
    ],
)
def test_the_library_is_ff1_by_the_samples_of_nist(
    bits: int, radix: int, tweak: str, plain: str, sealed: str
) -> None:
    from ffx import FF1

    key = bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3CEF4359D8D580AA4F7F036D6F04FC6A94")
    cipher = FF1(key[: bits // 8], radix=radix)
    assert cipher.encrypt(plain, tweak=bytes.fromhex(tweak)) == sealed
    assert cipher.decrypt(sealed, tweak=bytes.fromhex(tweak)) == plain
