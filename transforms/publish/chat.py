"""A release's dialogues as chats: lists of messages with roles, as fine-tuning expects them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import Any

import pyarrow as pa

from transforms.errors import UsageError
from transforms.fields import Role
from transforms.publish.manifest import Column, Manifest

MESSAGES = "messages"

INSTRUCTION = "Write the clinical note of this consultation."
"""What the user asks for before the target message."""


class ChatRole(StrEnum):
    """Who speaks in a chat."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    DROP = "drop"
    """The speaker's turns are left out."""


ROLES: Mapping[str, ChatRole] = {
    "clinician": ChatRole.ASSISTANT,
    "doctor": ChatRole.ASSISTANT,
    "patient": ChatRole.USER,
}
"""Roles of speakers, in lower case, where none are given."""

_MESSAGE = pa.struct(
    [
        pa.field("role", pa.string(), metadata={"role": "attribute"}),
        pa.field("content", pa.string(), metadata={"role": "text"}),
    ]
)


@dataclass(frozen=True)
class Chats:
    """How the records of a release become chats."""

    dialogue: str
    """The column of turns: a list of structs."""
    speaker: str
    text: str
    """Names in the struct."""
    roles: Mapping[str, ChatRole] = field(default_factory=lambda: ROLES)
    """Role of each speaker, by name in lower case."""
    target: str | None = None
    """A column of text that the assistant writes at the end."""
    instruction: str = INSTRUCTION
    system: str | None = None
    """A system message that opens each chat."""
    keep: tuple[str, ...] = ()
    """Columns that stay beside the messages."""

    @property
    def columns(self) -> list[str]:
        """The columns of the release that are read."""
        return list(dict.fromkeys([self.dialogue, *filter(None, [self.target]), *self.keep]))

    def schema(self, release: pa.Schema) -> pa.Schema:
        """Schema of the chats of a release with this schema."""
        kept = [release.field(name) for name in self.keep]
        return pa.schema([pa.field(MESSAGES, pa.list_(_MESSAGE)), *kept])

    def of(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """The chats of some records; records in which nobody speaks have none.

        Raises UsageError where a speaker has no role: it names the speakers.
        """
        targets = batch.column(self.target).to_pylist() if self.target else [None] * len(batch)
        strangers: Counter[str] = Counter()
        chats = [
            self._chat(turns or (), target, strangers)
            for turns, target in zip(batch.column(self.dialogue).to_pylist(), targets, strict=True)
        ]
        if strangers:
            some = sorted(strangers)[:5]
            raise UsageError(
                f"`{self.dialogue}.{self.speaker}` has speakers without a role: "
                f"{', '.join(map(repr, some))}{' ...' if len(strangers) > 5 else ''}. Give each "
                f"one: --role {some[0]}=user (or assistant, system, drop)."
            )
        told = [bool(chat) for chat in chats]
        kept = batch.filter(pa.array(told, pa.bool_()))
        messages = pa.array([chat for chat in chats if chat], pa.list_(_MESSAGE))
        return pa.RecordBatch.from_arrays(
            [messages, *(kept.column(name) for name in self.keep)],
            schema=self.schema(batch.schema),
        )

    def _chat(
        self, turns: Sequence[Mapping[str, Any]], target: str | None, strangers: Counter[str]
    ) -> list[dict[str, str]]:
        said = list(self._said(turns, strangers))
        if not said or (self.target is not None and not target):
            return []
        if self.system is not None:
            said.insert(0, (ChatRole.SYSTEM, self.system))
        if target:
            said += [(ChatRole.USER, self.instruction), (ChatRole.ASSISTANT, target.strip())]
        return [
            {"role": role.value, "content": "\n".join(text for _, text in turns)}
            for role, turns in groupby(said, key=itemgetter(0))
        ]

    def _said(
        self, turns: Sequence[Mapping[str, Any]], strangers: Counter[str]
    ) -> Iterator[tuple[ChatRole, str]]:
        for turn in turns:
            text, speaker = turn[self.text], turn[self.speaker]
            name = str(speaker or "").strip().lower()
            if not text or not text.strip():
                continue
            if name not in self.roles:
                strangers[name] += 1
            elif self.roles[name] is not ChatRole.DROP:
                yield self.roles[name], text.strip()


def dialogue_of(manifest: Manifest) -> tuple[str, str, str]:
    """The column of turns of a release, and the names of speaker and text in it.

    Raises UsageError where there is none, or it cannot be told which.
    """
    nested = [column for column in manifest.columns if column.nested_in is not None]
    found = []
    for name in dict.fromkeys(str(column.nested_in) for column in nested):
        mine = [column for column in nested if column.nested_in == name]
        texts = [_child(column) for column in mine if column.role is Role.TEXT]
        others = [_child(column) for column in mine if column.role is Role.ATTRIBUTE]
        speakers = [child for child in others if child == "speaker"] or others
        if len(texts) == 1 and len(speakers) == 1:
            found.append((name, speakers[0], texts[0]))
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(
            f"Several columns hold dialogue: {', '.join(name for name, *_ in found)}. Say which: "
            f"--speaker {found[0][0]}.{found[0][1]} --text {found[0][0]}.{found[0][2]}"
        )
    raise UsageError(
        "The release has no column of turns with one text and one speaker each. Name them: "
        "--speaker turns.speaker --text turns.text"
    )


def _child(column: Column) -> str:
    return column.name.removeprefix(f"{column.nested_in}.")
