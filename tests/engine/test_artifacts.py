"""An artifact directory is whole or refused, whatever happens while it is written."""

import json
import multiprocessing
import os
import shutil
import signal
import time

import numpy as np
import pandas as pd
import pytest

from engine.artifact_format import ARRAYS, publish, scratch_folder
from engine.artifacts import open_artifacts
from engine.errors import ArtifactError

N_USERS, N_ITEMS, N_CANDIDATES = 3, 5, 2


def smallest_arrays(value=0):
    sizes = {
        "genre_matrix": (N_ITEMS, 2),
        "item_factors": (N_ITEMS, 4),
        "mf_item_factors": (N_ITEMS, 4),
        "mf_user_factors": (N_USERS, 4),
        "user_groups": (N_USERS, 1),
        "history_indptr": (N_USERS + 1,),
        "holdout_indptr": (N_USERS + 1,),
        "history_indices": (0,),
        "history_is_liked": (0,),
        "holdout_indices": (0,),
        "service": (N_USERS,),
    }
    arrays = {}
    for name, (dtype, dimensions) in ARRAYS.items():
        is_flat = len(dimensions) == 1
        shape = sizes.get(name, (N_ITEMS,) if is_flat else (N_USERS, N_CANDIDATES))
        is_pointer = name.endswith("indptr")
        arrays[name] = np.full(shape, 0 if is_pointer else value, dtype)
    return arrays


def publish_value(out, value, pause=0.0):
    folder = scratch_folder(out)
    (folder / "models" / "ranker.txt").write_text(f"tree {value}")
    time.sleep(pause)
    tables = {
        "users": pd.DataFrame({"user_id": ["a", "b", "c"]}),
        "items": pd.DataFrame({"item_id": list("vwxyz")}),
    }
    return publish(
        out, folder, arrays=smallest_arrays(value), tables=tables, manifest={"value": value}
    )


@pytest.fixture
def out(tmp_path):
    publish_value(tmp_path, 1)
    return tmp_path


def test_what_was_published_is_what_is_opened(out):
    artifacts = open_artifacts(out)
    assert artifacts.manifest["value"] == 1
    assert artifacts.candidates.tolist() == [[1, 1]] * 3
    assert artifacts.users["user_id"].tolist() == ["a", "b", "c"]
    assert artifacts.features is None
    assert artifacts.history.n_rows == N_USERS


def test_opened_arrays_cannot_be_written(out):
    artifacts = open_artifacts(out)
    for name in ("candidates", "scores", "item_factors", "popularity"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(artifacts, name)[...] = 0


def test_nothing_is_pickled(tiny_artifacts):
    for path in tiny_artifacts.folder.rglob("*"):
        assert path.suffix in {"", ".npy", ".npz", ".parquet", ".json", ".txt", ".hnsw"}, path
        if path.suffix == ".npy":
            np.load(path, allow_pickle=False)
        if path.suffix == ".npz":
            with np.load(path, allow_pickle=False) as file:
                assert all(file[name].dtype != object for name in file)


def test_nothing_fitted_says_what_to_run(tmp_path):
    with pytest.raises(
        ArtifactError, match=r"No fitted pipeline in .*: run `python -m engine fit`"
    ):
        open_artifacts(tmp_path)


def current(out):
    return out / (out / "CURRENT").read_text().strip()


def half_written(out):
    (current(out) / "manifest.json").unlink()


def of_another_version(out):
    path = current(out) / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format_version": 999}))


def without_a_file(out):
    (current(out) / "arrays" / "scores.npy").unlink()


def with_a_cut_file(out):
    path = current(out) / "arrays" / "scores.npy"
    path.write_bytes(path.read_bytes()[:-4])


def with_a_garbled_manifest(out):
    (current(out) / "manifest.json").write_text("{")


def with_a_manifest_of_something_else(out):
    (current(out) / "manifest.json").write_text("[]")


def with_a_wrong_array(out):
    path = current(out) / "arrays" / "popularity.npy"
    size = path.stat().st_size
    np.save(path, np.zeros(N_ITEMS, np.float32))
    assert path.stat().st_size == size


def with_a_garbled_array(out):
    path = current(out) / "arrays" / "popularity.npy"
    path.write_bytes(b"x" * path.stat().st_size)


def with_a_garbled_table(out):
    path = current(out) / "tables" / "users.parquet"
    path.write_bytes(b"x" * path.stat().st_size)


def with_lists_that_do_not_fit(out):
    path = current(out) / "arrays" / "user_groups.npy"
    np.save(path, np.zeros((N_USERS - 1, 1), np.int16))
    manifest = current(out) / "manifest.json"
    said = json.loads(manifest.read_text())
    said["files"]["arrays/user_groups.npy"] = path.stat().st_size
    manifest.write_text(json.dumps(said))


def pointing_elsewhere(out):
    (out / "CURRENT").write_text("../somewhere\n")


def pointing_at_nothing(out):
    shutil.rmtree(current(out))


DAMAGE = {
    half_written: "half-written",
    of_another_version: "format version 999, this program reads",
    without_a_file: "scores.npy is missing or not",
    with_a_cut_file: "scores.npy is missing or not",
    with_a_garbled_manifest: "half-written",
    with_a_manifest_of_something_else: "half-written",
    with_a_wrong_array: "array popularity is not 1-dimensional int32",
    with_a_garbled_array: "popularity.npy cannot be read",
    with_a_garbled_table: "users.parquet cannot be read",
    with_lists_that_do_not_fit: "array user_groups counts 2 users, others 3",
    pointing_elsewhere: "names no fit",
    pointing_at_nothing: "half-written",
}


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda damage: damage.__name__)
def test_damage_is_refused_with_a_sentence_that_says_what_to_run(out, damage):
    damage(out)
    with pytest.raises(ArtifactError, match=DAMAGE[damage]) as caught:
        open_artifacts(out)
    assert "python -m engine fit" in str(caught.value)
    assert str(caught.value).count(". ") == 0  # one sentence


def test_a_new_fit_replaces_the_old_one_and_an_open_one_stays_readable(out):
    opened = open_artifacts(out)
    publish_value(out, 2)
    assert open_artifacts(out).manifest["value"] == 2
    assert opened.candidates.tolist() == [[1, 1]] * 3


def test_old_fits_are_removed_but_not_the_last_nor_young_ones(out):
    first = current(out)
    second = publish_value(out, 2)
    old = time.time() - 7200
    os.utime(first, (old, old))
    os.utime(second, (old, old))
    publish_value(out, 3)
    assert not first.exists()
    assert second.exists()


def killed_while_writing(out):
    publish_value(out, 2, pause=60)


def test_a_killed_fit_leaves_the_old_one_whole(out):
    process = multiprocessing.get_context("spawn").Process(target=killed_while_writing, args=(out,))
    process.start()
    deadline = time.time() + 60
    while len(list(out.glob("fit-*/models/ranker.txt"))) < 2 and time.time() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert len(list(out.glob("fit-*"))) == 2  # it had begun
    assert open_artifacts(out).manifest["value"] == 1


def publish_often(out, value):
    for _ in range(8):
        publish_value(out, value)


def test_two_fits_at_once_do_not_corrupt_each_other(out):
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=publish_often, args=(out, value)) for value in (2, 3)]
    for process in processes:
        process.start()
    while any(process.is_alive() for process in processes):
        artifacts = open_artifacts(out)
        value = artifacts.manifest["value"]
        assert (artifacts.candidates == value).all()
        assert (artifacts.folder / "models" / "ranker.txt").read_text() == f"tree {value}"
    assert [process.exitcode for process in processes] == [0, 0]
    assert open_artifacts(out).manifest["value"] in (2, 3)


def test_a_missing_array_is_our_own_mistake(tmp_path):
    arrays = smallest_arrays()
    del arrays["scores"]
    with pytest.raises(ValueError, match="array scores of 2 dimensions is missing"):
        publish(tmp_path, scratch_folder(tmp_path), arrays=arrays, tables={}, manifest={})
    assert not (tmp_path / "CURRENT").exists()
