"""Models that other packages run: loaded from this machine alone, and read texts of any length.

The models are made here, tiny and by hand; where a package is not installed, its tests are skipped.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from transforms.detect import models
from transforms.detect.ner.builtin import FOLDER, VOCABULARY
from transforms.detect.settings import ModelSettings
from transforms.errors import UsageError

NAMES = ("patel", "gomez")
FILLER = "the results of the blood test were normal and we will see him again in two weeks . "


def load(**settings: object) -> models.NerModel:
    return models.load(ModelSettings.model_validate(settings), marking=0.4)


def tokenizer() -> Any:
    transformers = pytest.importorskip("transformers")
    vocabulary = (FOLDER / VOCABULARY).read_text("utf-8").splitlines()
    codes = {piece: code for code, piece in enumerate(vocabulary)}
    made = transformers.BertTokenizerFast(
        vocab=codes,
        pad_token="[UNK]",
        mask_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        unk_token="[UNK]",
    )
    made.model_max_length = 128
    return made


def tiny(**changes: Any) -> Any:
    transformers = pytest.importorskip("transformers")
    return transformers.BertConfig(
        **{
            "vocab_size": len(tokenizer()),
            "hidden_size": 8,
            "num_hidden_layers": 0,
            "num_attention_heads": 2,
            "intermediate_size": 8,
            "max_position_embeddings": 128,
            **changes,
        }
    )


@pytest.fixture(scope="module")
def person_finder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A token-classification model that takes certain pieces for people, and no others."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    folder, reader = tmp_path_factory.mktemp("person"), tokenizer()
    model = transformers.BertForTokenClassification(tiny(id2label={0: "O", 1: "B-PER", 2: "I-PER"}))
    with torch.no_grad():
        embeddings = model.bert.embeddings
        for weights in embeddings.parameters():
            weights.zero_()
        embeddings.LayerNorm.weight.fill_(1)
        embeddings.word_embeddings.weight[:, 0] = 1
        for name in NAMES:
            for code in reader(name, add_special_tokens=False)["input_ids"]:
                embeddings.word_embeddings.weight[code] = -embeddings.word_embeddings.weight[0]
        model.classifier.weight.zero_()
        model.classifier.bias.zero_()
        model.classifier.weight[0, 0] = 5
        model.classifier.weight[1, 0] = -5
        model.classifier.bias[2] = -20
    model.save_pretrained(folder)
    reader.save_pretrained(folder)
    return folder


def test_a_transformers_model_finds_what_stands_anywhere_in_a_text_of_any_length(
    person_finder: Path,
) -> None:
    model = load(kind="transformers", name=str(person_finder))
    for shift in range(0, 40, 7):
        text = "so " * shift + (FILLER * 2 + "Patel rang . ") * 30
        (spans,) = model.find([text])
        assert [text[s.start : s.end] for s in spans] == ["Patel"] * 30
        assert {(s.entity, s.recogniser) for s in spans} == {("PERSON", str(person_finder))}
        assert all(s.score > 0.9 for s in spans)


def test_a_transformers_model_marks_whole_words_and_sees_batches(person_finder: Path) -> None:
    model = load(kind="transformers", name=str(person_finder))
    texts = ["", "  \n ", "dear Patelson , Gomez is here", "nothing"]
    found = [[t[s.start : s.end] for s in f] for t, f in zip(texts, model.find(texts), strict=True)]
    assert found == [[], [], ["Patelson", "Gomez"], []]


def test_labels_that_the_model_does_not_have_are_an_error(person_finder: Path) -> None:
    with pytest.raises(UsageError, match=r"labels.*it has: PER"):
        load(kind="transformers", name=str(person_finder), labels={"NAME": "PERSON"})


def test_a_model_without_weights_for_labels_is_an_error(tmp_path: Path) -> None:
    """Hugging Face would go on with random ones."""
    transformers = pytest.importorskip("transformers")
    pytest.importorskip("torch")
    transformers.BertModel(tiny()).save_pretrained(tmp_path)
    tokenizer().save_pretrained(tmp_path)
    with pytest.raises(UsageError, match="no token-classification model"):
        load(kind="transformers", name=str(tmp_path))


@pytest.mark.parametrize("kind", ["transformers", "gliner"])
@pytest.mark.parametrize("name", ["somebody/a-model-that-is-not-here", "folder"])
def test_a_model_that_is_not_on_this_machine_is_not_downloaded(
    kind: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(kind)
    pytest.importorskip("torch")
    monkeypatch.setattr("socket.socket.connect", _closed)
    monkeypatch.setattr("socket.getaddrinfo", _closed)
    if name == "folder":
        name = str(tmp_path)
    with pytest.raises(UsageError, match=r"detect.model.name: .*downloads nothing.*hf download"):
        load(kind=kind, name=name)


def _closed(*_: object) -> None:
    raise AssertionError("the network was asked")


def test_a_transformers_model_is_found_by_name_in_the_cache(
    person_finder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    constants = pytest.importorskip("huggingface_hub").constants
    snapshot = tmp_path / "models--somebody--persons" / "snapshots" / "0123456789abcdef"
    snapshot.parent.mkdir(parents=True)
    snapshot.symlink_to(person_finder, target_is_directory=True)
    (tmp_path / "models--somebody--persons" / "refs").mkdir()
    (tmp_path / "models--somebody--persons" / "refs" / "main").write_text(snapshot.name)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("socket.socket.connect", _closed)
    model = load(kind="transformers", name="somebody/persons")
    assert [s[:2] for s in model.find(["ask Gomez"])[0]] == [(4, 9)]


@pytest.fixture(scope="module")
def gliner_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GLiNER model with random weights."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    gliner = pytest.importorskip("gliner")
    base, folder = tmp_path_factory.mktemp("base"), tmp_path_factory.mktemp("gliner")
    torch.manual_seed(1)
    transformers.BertModel(tiny(num_hidden_layers=1)).save_pretrained(base)
    tokenizer().save_pretrained(base)
    config = gliner.GLiNERConfig(
        model_name=str(base), hidden_size=8, max_len=100, max_width=4, span_mode="markerV0"
    )
    gliner.GLiNER.from_config(config).save_pretrained(folder)
    return folder


def test_a_gliner_model_reads_texts_of_any_length_to_their_end(gliner_folder: Path) -> None:
    settings = ModelSettings.model_validate({"kind": "gliner", "name": str(gliner_folder)})
    # From no probability on, every word is in some span: what it does not read shows.
    model = models.load(settings, marking=0.0)
    text = (FILLER * 2 + "Dr O'Patel-Gomez rang 07700 900123 !!! ") * 12
    short, empty, long = model.find(["Ann rang .", " ", text])
    assert empty == [] and short
    covered = {place for span in long for place in range(span.start, span.end)}
    unread = [p for p, sign in enumerate(text) if sign.isalnum() and p not in covered]
    assert unread == []
    assert {s.entity for s in long} <= set(settings.entities.values())
    assert {s.recogniser for s in long} == {str(gliner_folder)}


def test_a_gliner_model_is_asked_for_the_configured_labels_and_probability(
    gliner_folder: Path,
) -> None:
    labels = {"name of a person": "PERSON", "town": "LOCATION"}
    settings = ModelSettings.model_validate(
        {"kind": "gliner", "name": str(gliner_folder), "labels": labels}
    )
    text = "Ann Patel lives in Leeds ."
    everything = models.load(settings, marking=0.0).find([text])[0]
    assert {s.entity for s in everything} <= {"PERSON", "LOCATION"}
    middle = sorted(s.score for s in everything)[len(everything) // 2]
    some = models.load(settings, marking=middle).find([text])[0]
    assert all(s.score >= middle for s in some) and len(some) < len(everything)


def test_more_labels_than_a_gliner_model_has_room_for_are_an_error(gliner_folder: Path) -> None:
    labels = {f"some kind of entity number {n}": "ID" for n in range(60)}
    with pytest.raises(UsageError, match="ask for fewer"):
        load(kind="gliner", name=str(gliner_folder), labels=labels)
