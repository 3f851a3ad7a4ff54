"""The stage: what leaks goes to quarantine, all else goes on unchanged."""

from __future__ import annotations

import apache_beam as beam
import orjson

from transforms.pseudonymise.batch import Treated
from transforms.quarantine import QUARANTINED
from transforms.verify.settings import VerifySettings
from transforms.verify.transform import Verify

from .support import DETECT, FIELDS, treated, untreated


def verified(given: Treated) -> tuple[Treated, list[dict[str, object]]]:
    """What goes on, and the quarantined records."""
    stage = Verify(VerifySettings(), DETECT, FIELDS)
    stage.setup()
    out: list[Treated] = []
    refused: list[dict[str, object]] = []
    for result in stage.process(given):
        if isinstance(result, beam.pvalue.TaggedOutput):
            assert result.tag == QUARANTINED
            refused += result.value.data.to_pylist()
        else:
            out.append(result)
    (kept,) = out
    return kept, refused


def test_a_leaking_record_is_held_back_and_the_others_go_on() -> None:
    given = untreated(
        {"note": "one", "said": ["a", "b"], "_position": 1},
        {"note": "Quackenbush", "said": ["c"], "_position": 2},
        {"note": "three", "said": None, "_position": 3},
        {"note": "four", "said": ["d", "Zephyrine", "e"], "_position": 4},
        {"note": "five", "said": ["f"], "_position": 5},
    )
    kept, refused = verified(given)
    assert kept.published.column("note").to_pylist() == ["one", "three", "five"]
    assert kept.source.column("_position").to_pylist() == [1, 3, 5]
    assert [(r["position"], r["stage"], r["reason"]) for r in refused] == [
        (2, "verify", "field 'note' still holds the record's own PERSON"),
        (4, "verify", "field 'said' still holds the record's own PERSON"),
    ]
    # In the restricted zone the record stands as it was read, not as it was treated.
    record = orjson.loads(refused[1]["record"])  # type: ignore[arg-type]
    assert record["said"] == ["d", "Zephyrine", "e"]
    assert record["name"] == "Zephyrine Quackenbush"


def test_places_stay_with_their_records() -> None:
    """A second look at what went on finds nothing: no place was lost or moved."""
    given = treated(
        {"note": "Zephyrine", "said": ["I am Zephyrine.", "07911 446208"]},
        {"label": "Quackenbush", "said": ["x", "Zephyrine", "y"]},
        {"note": "call 07911 446208", "said": ["Thaddeus", "", "zq.wrothsley@borogove.co.uk"]},
    )
    kept, refused = verified(given)
    assert [r["reason"] for r in refused] == ["field 'label' still holds the record's own PERSON"]
    assert kept.published.num_rows == 2
    assert len(kept.places["said"]) == 5
    again, refused = verified(kept)
    assert refused == []
    assert again.published.equals(kept.published)


def test_nothing_leaks_and_everything_leaks() -> None:
    kept, refused = verified(treated({"note": "fine"}))
    assert (kept.published.num_rows, refused) == (1, [])
    kept, refused = verified(untreated({"note": "Zephyrine"}))
    assert (kept.published.num_rows, len(refused)) == (0, 1)
    assert kept.published.schema == treated().published.schema
