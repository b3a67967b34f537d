"""An artifact directory is whole or refused, whatever happens while it is written."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from engine.artifact_format import ARRAYS, publish, scratch_folder, sweep
from engine.artifacts import open_artifacts
from engine.checksums import CHECKSUMS, checksums_of
from engine.errors import ArtifactError
from engine.manifest import FORMAT_VERSION
from engine.written_beside import write_beside

ROOT = Path(__file__).resolve().parents[2]
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
        "later_not_liked_indptr": (N_USERS + 1,),
        "later_not_liked_indices": (0,),
        "service": (N_USERS,),
    }
    arrays = {}
    for name, (dtype, dimensions) in ARRAYS.items():
        is_flat = len(dimensions) == 1
        shape = sizes.get(name, (N_ITEMS,) if is_flat else (N_USERS, N_CANDIDATES))
        is_pointer = name.endswith("indptr")
        is_flat_zero = is_pointer or name == "user_groups"
        arrays[name] = np.full(shape, 0 if is_flat_zero else value, dtype)
    arrays["provider_codes"][:] = -1
    arrays["service"][:] = 0.5
    for name in ("candidates", "retrieved", "filtered"):
        arrays[name][:, 1] = 0  # no item twice in a row
    return arrays


def smallest_manifest(value=0):
    """Every field that a manifest has; `value` tells fits apart."""
    return {
        "format_version": FORMAT_VERSION,
        **dict.fromkeys(("name", "title", "fingerprint", "licence", "source"), "tiny"),
        "provenance": "simulated",
        "now_day": value,
        "liked_threshold": 4.0,
        "genre_names": ["Crime", "Drama"],
        "provider_names": [],
        "attributes": {"gender": ["man", "woman"]},
        "demographic": ["gender"],
        "split": {"name": "per person", "moment": None, "label_moment": None},
        "without": [],
        "attribute_flips": [],
        "source_names": ["als", "popular"],
        "source_labels": ["taste", "popular lately"],
        "source_weights": [1.0, 0.5],
        "feature_names": ["als score"],
        "recipe": {
            "identity": "0",
            "asked": {},
            "sources": [{"name": "als", "depth": 200, "weight": 1.0}],
            "features": ["sources"],
            "ranker": "listwise",
        },
        "config": {},
        "versions": {},
        "timings": {},
        "metrics": {
            "quality": {"popularity": {"ndcg_at_10": None, "n": 0}},
            "gains": {},
            "sources": {},
            "models": {"als": {"index": None}},
            "left_out": {},
            "rankers": [],
            "feature_importance": {},
        },
        "counts": {},
        "drops": [],
        "notes": [],
    }


def publish_value(out, value, pause=0.0):
    with scratch_folder(out) as folder:
        (folder / "models" / "ranker.txt").write_text(f"tree {value}")
        time.sleep(pause)
        return publish_tables(out, folder, value)


def publish_tables(out, folder, value):
    tables = {
        "users": pd.DataFrame({"user_id": ["a", "b", "c"]}),
        "items": pd.DataFrame(
            {
                "item_id": list("vwxyz"),
                **dict.fromkeys(("title", "genres", "provider"), "x"),
                "released": pd.Timestamp("2020-01-01"),
            }
        ),
    }
    arrays, manifest = smallest_arrays(value), smallest_manifest(value)
    return publish(out, folder, arrays=arrays, tables=tables, manifest=manifest)


@pytest.fixture
def out(tmp_path):
    publish_value(tmp_path, 1)
    return tmp_path


def test_what_was_published_is_what_is_opened(out):
    artifacts = open_artifacts(out)
    assert artifacts.manifest["now_day"] == 1
    assert artifacts.candidates.tolist() == [[1, 0]] * 3
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


def hashed_anew(folder):
    """As whoever wrote the fit wrongly, or wants to do harm, would leave it."""
    (folder / CHECKSUMS).write_text(checksums_of(folder))


def with_a_wrong_array(out):
    np.save(current(out) / "arrays" / "popularity.npy", np.zeros(N_ITEMS, np.float32))
    hashed_anew(current(out))


def with_a_garbled_array(out):
    path = current(out) / "arrays" / "popularity.npy"
    path.write_bytes(b"x" * path.stat().st_size)
    hashed_anew(current(out))


def with_a_garbled_table(out):
    path = current(out) / "tables" / "users.parquet"
    path.write_bytes(b"x" * path.stat().st_size)
    hashed_anew(current(out))


def with_lists_that_do_not_fit(out):
    np.save(current(out) / "arrays" / "user_groups.npy", np.zeros((N_USERS - 1, 1), np.int16))
    hashed_anew(current(out))


def pointing_elsewhere(out):
    (out / "CURRENT").write_text("../somewhere\n")


def pointing_at_nothing(out):
    shutil.rmtree(current(out))


DAMAGE = {
    half_written: "half-written",
    of_another_version: "format version 999, this program reads",
    without_a_file: "scores.npy is missing",
    with_a_cut_file: "scores.npy is not as it was written",
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
    assert open_artifacts(out).manifest["now_day"] == 2
    assert opened.candidates.tolist() == [[1, 0]] * 3


def test_old_fits_are_removed_but_not_the_last_nor_young_ones(out):
    first = current(out)
    second = publish_value(out, 2)
    old = time.time() - 7200
    os.utime(first, (old, old))
    os.utime(second, (old, old))
    publish_value(out, 3)
    assert not first.exists()
    assert second.exists()


def begun(function, *given):
    """Call a function of this file in a process of its own, which knows nothing of pytest's."""
    call = f"from tests.engine import test_artifacts as here; here.{function.__name__}(*{given!r})"
    return subprocess.Popen([sys.executable, "-c", call], cwd=ROOT, stderr=subprocess.PIPE)


def killed_while_writing(out):
    publish_value(Path(out), 2, pause=600)


def being_written(out):
    """A process that is in the middle of writing a second fit."""
    process = begun(killed_while_writing, str(out))
    while len(list(out.glob("fit-*/models/ranker.txt"))) < 2:
        assert process.poll() is None, process.stderr.read().decode()
        time.sleep(0.02)
    return process


def end(process):
    process.kill()
    process.communicate()


def test_a_killed_fit_leaves_the_old_one_whole(out):
    end(being_written(out))
    assert len(list(out.glob("fit-*"))) == 2  # it had begun
    assert open_artifacts(out).manifest["now_day"] == 1


def publish_often(out, value):
    for _ in range(8):
        publish_value(Path(out), value)


def test_two_fits_at_once_do_not_corrupt_each_other(out):
    processes = [begun(publish_often, str(out), value) for value in (2, 3)]
    while any(process.poll() is None for process in processes):
        artifacts = open_artifacts(out)
        value = artifacts.manifest["now_day"]
        assert (artifacts.candidates[:, 0] == value).all()
        assert (artifacts.folder / "models" / "ranker.txt").read_text() == f"tree {value}"
    assert [process.communicate()[1] for process in processes] == [b"", b""]
    assert [process.returncode for process in processes] == [0, 0]
    assert open_artifacts(out).manifest["now_day"] in (2, 3)


def test_a_missing_array_is_our_own_mistake(tmp_path):
    arrays = smallest_arrays()
    del arrays["scores"]
    with (
        pytest.raises(ValueError, match="array scores of 2 dimensions is missing"),
        scratch_folder(tmp_path) as folder,
    ):
        publish(tmp_path, folder, arrays=arrays, tables={}, manifest=smallest_manifest())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt, SystemExit])
def test_a_fit_that_fails_leaves_no_folder(out, error):
    before = sorted(out.iterdir())

    def failing_fit():
        with scratch_folder(out) as folder:
            (folder / "models" / "ranker.txt").write_text("half")
            raise error

    with pytest.raises(error):
        failing_fit()
    assert sorted(out.iterdir()) == before


def test_a_fit_whose_name_cannot_be_written_leaves_no_folder(out, monkeypatch):
    before = sorted(out.iterdir())

    def full(path, content):
        if path.name == "CURRENT":
            raise OSError(28, "No space left on device")
        write_beside(path, content)

    monkeypatch.setattr("engine.artifact_format.write_beside", full)
    with pytest.raises(OSError, match="No space left"):
        publish_value(out, 2)
    assert sorted(out.iterdir()) == before


def test_what_a_killed_fit_left_is_swept_by_the_next(out):
    process = being_written(out)
    sweep(out)  # while it is being written
    assert len(list(out.glob("fit-*"))) == 2
    end(process)
    sweep(out)
    assert [path.name for path in out.glob("fit-*")] == [current(out).name]
    assert not list(out.glob(".fit-*"))


def test_a_young_folder_of_an_older_program_is_left_to_it(out):
    (out / "fit-20200101T000000-abcdef").mkdir()
    sweep(out)
    assert (out / "fit-20200101T000000-abcdef").is_dir()
    os.utime(out / "fit-20200101T000000-abcdef", (0, 0))
    sweep(out)
    assert not (out / "fit-20200101T000000-abcdef").exists()
