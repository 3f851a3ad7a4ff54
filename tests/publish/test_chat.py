from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.errors import UsageError
from transforms.publish.chat import INSTRUCTION, ChatRole, Chats, dialogue_of
from transforms.publish.manifest import Column

from .conftest import manifest_of

CHATS = Chats(dialogue="turns", speaker="speaker", text="text")
TURNS = pa.list_(pa.struct([("speaker", pa.string()), ("text", pa.string())]))


def batch(
    *records: list[tuple[str | None, str | None]] | None, **columns: list[object]
) -> pa.RecordBatch:
    turns = [
        None if r is None else [{"speaker": who, "text": text} for who, text in r] for r in records
    ]
    return pa.RecordBatch.from_pydict({"turns": pa.array(turns, TURNS), **columns})


def messages(
    chats: Chats, *records: list[tuple[str | None, str | None]]
) -> list[list[tuple[str, str]]]:
    found = chats.of(batch(*records)).column("messages").to_pylist()
    return [[(m["role"], m["content"]) for m in chat] for chat in found]


def test_the_clinician_is_the_assistant_and_the_patient_the_user() -> None:
    assert messages(CHATS, [("clinician", "Hello."), ("Patient ", " Hi. ")]) == [
        [("assistant", "Hello."), ("user", "Hi.")]
    ]


def test_turns_of_one_role_that_follow_each_other_are_one_message() -> None:
    roles = {**CHATS.roles, "carer": ChatRole.USER}
    turns = [("patient", "It hurts."), ("carer", "Since May."), ("doctor", "I see.")]
    assert messages(replace(CHATS, roles=roles), turns) == [
        [("user", "It hurts.\nSince May."), ("assistant", "I see.")]
    ]


def test_a_speaker_can_be_left_out_and_turns_around_become_one_message() -> None:
    roles = {**CHATS.roles, "interpreter": ChatRole.DROP}
    turns = [("patient", "Ja."), ("interpreter", "Yes."), ("patient", "Nein.")]
    assert messages(replace(CHATS, roles=roles), turns) == [[("user", "Ja.\nNein.")]]


def test_a_speaker_without_a_role_stops_it_and_is_named() -> None:
    with pytest.raises(UsageError, match=r"'carer'.*--role carer=user") as error:
        messages(CHATS, [("carer", "SAID")])
    assert "SAID" not in str(error.value)


def test_empty_turns_and_records_have_no_message_and_no_chat() -> None:
    records = batch([("patient", " "), ("patient", None)], [], None, [("patient", "Hi.")])
    assert CHATS.of(records).num_rows == 1


def test_a_target_is_asked_for_and_stays_a_message_of_its_own() -> None:
    turns = [("patient", "It hurts."), ("clinician", "I see.")]
    chats = replace(CHATS, target="note", system="Be kind.", keep=("specialty",))
    made = chats.of(
        batch(turns, turns[:1], turns, note=["Pain.", "Ache.", None], specialty=["a", "b", "c"])
    )
    assert made.column("specialty").to_pylist() == ["a", "b"]
    assert [[(m["role"], m["content"]) for m in chat] for chat in made.column(0).to_pylist()] == [
        [
            ("system", "Be kind."),
            ("user", "It hurts."),
            ("assistant", "I see."),
            ("user", INSTRUCTION),
            ("assistant", "Pain."),
        ],
        [
            ("system", "Be kind."),
            ("user", f"It hurts.\n{INSTRUCTION}"),
            ("assistant", "Ache."),
        ],
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(["patient", "doctor", "carer"]), st.text("ab \n", max_size=4))
    )
)
def test_roles_alternate_and_every_word_is_said_once_in_order(turns: list[tuple[str, str]]) -> None:
    roles = {**CHATS.roles, "carer": ChatRole.USER}
    chats = messages(replace(CHATS, roles=roles), turns)
    said = [text.strip() for _, text in turns if text.strip()]
    assert len(chats) == bool(said)
    for chat in chats:
        assert all(one != other for (one, _), (other, _) in pairwise(chat))
        assert "\n".join(content for _, content in chat) == "\n".join(said)


def columns(*given: tuple[str, str, str | None]) -> tuple[Column, ...]:
    return tuple(
        Column.model_validate(
            {
                "name": name,
                "type": "string",
                "role": role,
                "treatment": "keep" if role == "attribute" else "surrogate",
                "nested_in": nested_in,
            }
        )
        for name, role, nested_in in given
    )


def test_the_dialogue_is_found_by_its_roles() -> None:
    found = columns(
        ("turns.at", "attribute", "turns"),
        ("turns.speaker", "attribute", "turns"),
        ("turns.said", "text", "turns"),
        ("codes.code", "attribute", "codes"),
        ("note", "text", None),
    )
    assert dialogue_of(manifest_of([], columns=found)) == ("turns", "speaker", "said")


def test_where_it_cannot_be_told_the_options_are_named() -> None:
    with pytest.raises(UsageError, match=r"--speaker turns\.speaker --text turns\.text"):
        dialogue_of(manifest_of([], columns=columns(("note", "text", None))))
    two = columns(
        ("a.who", "attribute", "a"), ("a.said", "text", "a"),
        ("b.who", "attribute", "b"), ("b.said", "text", "b"),
    )  # fmt: skip
    with pytest.raises(UsageError, match=r"a, b.*--speaker a\.who --text a\.said"):
        dialogue_of(manifest_of([], columns=two))
