"""A flipped bit, a cut or lost file, a short list, an index out of range: refused in a sentence.

Each of them once changed figures in silence or ended the server by a signal.
"""

import json
import shutil
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest

from engine.artifacts import open_artifacts
from engine.checksums import CHECKSUMS, checksums_of
from engine.errors import ArtifactError


@pytest.fixture(scope="module")
def out(tiny_folder, tmp_path_factory):
    """A copy of the tiny service's fit, to be damaged and mended again."""
    return shutil.copytree(tiny_folder, tmp_path_factory.mktemp("damaged") / "artifacts")


@pytest.fixture
def fit(out):
    return out / (out / "CURRENT").read_text().strip()


def refusal(out):
    """The sentence that opening ends in; empty where it opens."""
    try:
        open_artifacts(out)
    except ArtifactError as error:
        text = str(error)
        assert text.count(". ") == 0, text
        assert text.endswith("."), text
        assert "python -m engine fit" in text
        return text
    return ""


def files(out):
    return sorted(path for path in out.rglob("*") if path.is_file())


@contextmanager
def instead(path, content):
    """Have other bytes (or, with None, nothing) at ``path`` for a while."""
    before = path.read_bytes()
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    try:
        yield
    finally:
        path.write_bytes(before)


def flipped(content, bit):
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_an_undamaged_fit_opens(out):
    assert not refusal(out)
    assert len(files(out)) > 30


@pytest.mark.parametrize("where", ["first", "middle", "last", "random"])
def test_a_flipped_bit_in_any_file_is_refused(out, where):
    rng = np.random.default_rng(0)
    accepted = []
    for path in files(out):
        content = path.read_bytes()
        last = 8 * len(content) - 1
        bit = {"first": 0, "middle": last // 2, "last": last, "random": rng.integers(last)}[where]
        with instead(path, flipped(content, int(bit))):
            if not refusal(out):
                accepted.append(path.name)
    assert not accepted


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_cut_file_is_refused(out, share):
    accepted = []
    for path in files(out):
        content = path.read_bytes()
        with instead(path, content[: min(int(share * len(content)), len(content) - 1)]):
            if not refusal(out):
                accepted.append(path.name)
    assert not accepted


def test_a_lost_file_is_refused(out):
    accepted = []
    for path in files(out):
        with instead(path, None):
            if not refusal(out):
                accepted.append(path.name)
    assert not accepted


def test_a_file_that_the_fit_did_not_write_is_refused(out, fit):
    (fit / "models" / "ranker" / "foreign.npy").write_bytes(b"x")
    try:
        assert "models/ranker/foreign.npy is not on its list of files" in refusal(out)
    finally:
        (fit / "models" / "ranker" / "foreign.npy").unlink()


# ---- the same by somebody who can write checksums, too


@contextmanager
def rewritten(fit, relative, content):
    """A fit with other bytes in a file, and checksums to match."""
    with instead(fit / relative, content), instead(fit / CHECKSUMS, b""):
        (fit / CHECKSUMS).write_text(checksums_of(fit))
        yield


@contextmanager
def array_changed(fit, name, change):
    path = fit / "arrays" / f"{name}.npy"
    array = np.load(path)
    changed = change(array)
    changed = array if changed is None else changed
    beside = fit.parent / "changed.npy"
    np.save(beside, changed)
    content = beside.read_bytes()
    beside.unlink()
    with rewritten(fit, f"arrays/{name}.npy", content):
        yield


def put(value, *place):
    def change(array):
        array[place] = value

    return change


def repeated(array):
    array[0, 1] = array[0, 0]


def gap(array):
    array[0, 3] = -1


def truths_of_seven(array):
    array.view(np.uint8).reshape(-1)[0] = 7


HOSTILE = {
    "candidates-high": ("candidates", put(80, 0, 0), "names an item outside of 0 to 79"),
    "candidates-low": ("candidates", put(-2, 5, 1), "names an item outside"),
    "candidates-twice": ("candidates", repeated, "names an item twice in a row"),
    "candidates-gap": ("candidates", gap, "has a gap before the end of a row"),
    "retrieved": ("retrieved", put(2**31 - 1, 0, 0), "names an item outside"),
    "filtered": ("filtered", put(-(2**31), 0, 0), "names an item outside"),
    "history_indices": ("history_indices", put(80, 7), "names an item outside"),
    "history_indices-low": ("history_indices", put(-1, 7), "names an item outside"),
    "holdout_indices": ("holdout_indices", put(1 << 20, 0), "names an item outside"),
    "later_not_liked": ("later_not_liked_indices", put(1 << 20, 0), "names an item outside"),
    "history_indptr-start": ("history_indptr", put(1, 0), "does not rise from 0"),
    "history_indptr-falls": ("history_indptr", put(0, 5), "does not rise from 0"),
    "history_indptr-far": ("history_indptr", put(1 << 40, 5), "does not rise from 0"),
    "history_indptr-end": ("history_indptr", put(1, -1), "does not rise from 0"),
    "holdout_indptr": ("holdout_indptr", put(-1, 3), "does not rise from 0"),
    "scores-nan": ("scores", put(np.nan, 0, 0), "not finite"),
    "scores-infinite": ("scores", put(np.inf, 0, 0), "not finite"),
    "scores-rise": ("scores", put(1e30, 0, 1), "does not fall along its rows"),
    "user_groups-high": ("user_groups", put(2, 0, 0), "names a group outside of the 2 of 'gender'"),
    "user_groups-low": ("user_groups", put(-1, 0, 0), "names a group outside"),
    "provider_codes-high": ("provider_codes", put(3, 0), "names a provider outside"),
    "provider_codes-low": ("provider_codes", put(-2, 0), "names a provider outside"),
    "source_masks": ("source_masks", put(1 << 15, 0, 0), "names a source outside"),
    "popularity": ("popularity", put(-1, 0), "not counts"),
    "item_factors": ("item_factors", put(np.nan, 0, 0), "not finite"),
    "mf_item_factors": ("mf_item_factors", put(np.inf, 0, 0), "not finite"),
    "mf_user_factors": ("mf_user_factors", put(np.nan, 0, 0), "not finite"),
    "features": ("features", put(np.inf, 0, 0, 0), "not finite or unknown"),
    "released_day": ("released_day", put(np.inf, 0), "not finite or unknown"),
    "history_day": ("history_day", put(-np.inf, 0), "not finite or unknown"),
    "service": ("service", put(1.5, 0), "not shares from 0 to 1"),
    "genre_matrix": ("genre_matrix", truths_of_seven, "not true or false"),
    "history_is_liked": ("history_is_liked", truths_of_seven, "not true or false"),
    "fallback": ("fallback", put(3, 0), "not 0, 1 or 2"),
    "short": ("history_is_liked", lambda array: array[:-1], "counts"),
    "by column": ("scores", np.asfortranarray, "is not stored row by row"),
    "big-endian": ("candidates", lambda array: array.astype(">i4"), "is not 2-dimensional int32"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_an_index_out_of_range_is_refused_though_its_checksum_is_right(out, fit, case):
    name, change, words = HOSTILE[case]
    with array_changed(fit, name, change):
        assert words in refusal(out)
    assert not refusal(out)


def manifest_with(fit, change):
    said = json.loads((fit / "manifest.json").read_text())
    change(said)
    return rewritten(fit, "manifest.json", json.dumps(said).encode())


LISTS = (
    "genre_names",
    "provider_names",
    "attributes",
    "source_names",
    "source_labels",
    "source_weights",
    "feature_names",
)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("kept", [0, -1])
def test_a_short_list_in_the_manifest_is_refused(out, fit, name, kept):
    def shorten(said):
        whole = said[name]
        said[name] = dict(list(whole.items())[:kept]) if name == "attributes" else whole[:kept]

    with manifest_with(fit, shorten):
        assert refusal(out)


def test_short_labels_of_an_attribute_are_refused(out, fit):
    for attribute in json.loads((fit / "manifest.json").read_text())["attributes"]:
        with manifest_with(fit, lambda said, name=attribute: said["attributes"][name].pop()):
            assert f"of {attribute!r}" in refusal(out)


NUMBERS = ("now_day", "liked_threshold")


def test_any_field_of_the_manifest_that_is_missing_or_of_another_type_is_refused(out, fit):
    accepted = []
    whole = json.loads((fit / "manifest.json").read_text())
    for name, value in whole.items():
        for wrong in (None, [[]], {"a": {"b": []}}, -1.5, "text"):
            is_right = type(value) is type(wrong) and name not in ("metrics", "attributes")
            if is_right or (name in NUMBERS and wrong == -1.5):
                continue
            with manifest_with(
                fit, lambda said, name=name, wrong=wrong: said.update({name: wrong})
            ):
                if not refusal(out):
                    accepted.append((name, wrong))
        with manifest_with(fit, lambda said, name=name: said.pop(name)):
            if not refusal(out):
                accepted.append((name, "missing"))
    assert not accepted


@pytest.mark.parametrize(
    "text",
    [
        b"[" * 100_000,
        b'{"format_version": 2, "format_version": 2}',
        b'{"format_version": ' + b"9" * 5000 + b"}",
        b'{"format_version": 2, "now_day": NaN}',
        b'{"format_version": 2, "name": "\\ud800"}',
        b"\xff\xfe",
        b"",
    ],
    ids=["deep", "twice", "long number", "NaN", "half a letter", "not UTF-8", "empty"],
)
def test_a_manifest_that_no_reader_should_take_is_refused(out, fit, text):
    with rewritten(fit, "manifest.json", text):
        assert "half-written" in refusal(out)


def short(table):
    return table.iloc[:-1]


def nameless(table):
    return table.iloc[:, 1:]


def twins(table):
    return table.assign(**{table.columns[0]: "one"})


@pytest.mark.parametrize("name", ["users", "items"])
@pytest.mark.parametrize(
    ("change", "words"),
    [(short, "rows instead of"), (nameless, "has no column"), (twins, "twice")],
)
def test_a_table_that_does_not_fit_its_arrays_is_refused(out, fit, name, change, words):
    path = fit / "tables" / f"{name}.parquet"
    beside = fit.parent / "changed.parquet"
    change(pd.read_parquet(path)).to_parquet(beside, index=False)
    content = beside.read_bytes()
    beside.unlink()
    with rewritten(fit, f"tables/{name}.parquet", content):
        assert words in refusal(out)


@pytest.mark.parametrize(
    "text", ["../elsewhere\n", "fit-\n", "", "\n", "fit-20200101T000000-abcdef\x0b", "\udcff"]
)
def test_a_garbled_name_of_the_current_fit_is_refused(out, text):
    with instead(out / "CURRENT", text.encode("utf-8", "surrogateescape")):
        assert "CURRENT names no fit" in refusal(out)


@contextmanager
def array_added(fit, name, array):
    """The fit with one more array, and checksums to match."""
    path = fit / "arrays" / f"{name}.npy"
    assert not path.exists()
    np.save(path, array)
    try:
        with instead(fit / CHECKSUMS, b""):
            (fit / CHECKSUMS).write_text(checksums_of(fit))
            yield
    finally:
        path.unlink()


@pytest.mark.parametrize(
    ("value", "is_right"), [(-2, False), (-1, True), (31, True), (32, False), (32_767, False)]
)
def test_a_place_that_no_log_numbers_is_refused(out, fit, value, is_right):
    """Serving looks things up by it; a fit whose ranker reads no place has no such array."""
    n = len(np.load(fit / "arrays" / "history_indices.npy"))
    where = np.zeros(n, np.int16)
    where[n // 2] = value
    with array_added(fit, "history_where", where):
        words = "array history_where holds values that are not -1 or from 0 to 31"
        assert (words in refusal(out)) != is_right
    assert not refusal(out)


def test_an_amount_that_is_infinite_is_refused(out, fit):
    amount = np.full(len(np.load(fit / "arrays" / "history_indices.npy")), np.nan, np.float32)
    with array_added(fit, "history_amount", amount):
        assert not refusal(out)
    amount[-1] = np.inf
    with array_added(fit, "history_amount", amount):
        assert "array history_amount holds values that are not finite or unknown" in refusal(out)


def test_what_objectives_need_of_each_other_is_all_there_or_none(out, fit):
    n = len(np.load(fit / "arrays" / "history_indices.npy"))
    with array_added(fit, "history_did", np.zeros(n, np.uint16)):
        assert "array objectives is missing beside the others of objectives" in refusal(out)
