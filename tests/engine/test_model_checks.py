"""A model file that is wrong is refused in words: its library would end the process by a signal."""

import io
import subprocess
import sys
import textwrap
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sp

from engine.errors import ArtifactError
from engine.model_checks import model_complaints
from engine.model_checks.graph_file import HEADER, graph_complaint
from engine.model_checks.tree_text import tree_complaint
from engine.pipeline.ranking.logistic import fit_logistic
from engine.pipeline.ranking.pointwise import fit_pointwise
from engine.pipeline.ranking.ranker import RankerConfig, TrainingSet
from engine.pipeline.retrieval.links import Links, strongest
from engine.rank_explanation import explain_ranks

ROOT = Path(__file__).resolve().parents[2]


def first(folder, pattern, start=b""):
    found = sorted(folder.rglob(pattern))
    return next(path for path in found if path.read_bytes().startswith(start))


@pytest.fixture(scope="module")
def tree_file(tiny_artifacts):
    return first(tiny_artifacts.folder, "*.txt", b"tree\n")


@pytest.fixture(scope="module")
def trees(tree_file):
    return tree_file.read_bytes()


@pytest.fixture(scope="module")
def graph_file(tiny_artifacts):
    return first(tiny_artifacts.folder, "*.hnsw")


@pytest.fixture(scope="module")
def graph(graph_file):
    return graph_file.read_bytes()


@pytest.fixture(scope="module")
def n_features(tiny_artifacts):
    return len(tiny_artifacts.manifest["feature_names"])


def test_the_models_of_a_fit_pass(tiny_artifacts, n_features):
    models = tiny_artifacts.folder / "models"
    assert not list(model_complaints(models, tiny_artifacts.n_items, n_features))


def changed_field(trees, name, change):
    """Change a field of the first tree, and the lengths of trees with it."""
    head, _, rest = trees.decode().partition("\n\n")
    sizes = [int(size) for size in head.rpartition("tree_sizes=")[2].split()]
    block, after = rest[: sizes[0]], rest[sizes[0] :]
    lines = block.split("\n")
    place = next(at for at, line in enumerate(lines) if line.startswith(f"{name}="))
    lines[place] = f"{name}={change(lines[place].partition('=')[2])}"
    block = "\n".join(lines)
    sizes[0] = len(block)
    head = head.rpartition("tree_sizes=")[0] + "tree_sizes=" + " ".join(map(str, sizes))
    return f"{head}\n\n{block}{after}".encode()


def but_first(value):
    return lambda text: " ".join([value, *text.split()[1:]])


WRONG_TREES = {
    "feature": ("split_feature", but_first("9999"), "splits by a feature outside"),
    "negative feature": ("split_feature", but_first("-1"), "splits by a feature outside"),
    "child": ("left_child", but_first("9999"), "reached once"),
    "leaf": ("right_child", but_first("-9999"), "reached once"),
    "circle": ("left_child", but_first("0"), "in a circle"),
    "category": ("decision_type", but_first("1"), "none of numbers"),
    "short": ("threshold", lambda text: text.rpartition(" ")[0], "numbers of threshold"),
    "long": ("leaf_value", lambda text: text + " 1", "numbers of leaf_value"),
    "nan": ("leaf_value", but_first("nan"), "something else than numbers"),
    "overflow": ("leaf_value", but_first("1e999"), "not finite"),
    "words": ("threshold", but_first("1_0"), "something else than numbers"),
    "leaves": ("num_leaves", lambda _: "1000000", "numbers of"),
    "leaves in words": ("num_leaves", lambda _: "0x7", "cannot be read"),
    "split in words": ("split_feature", but_first("1.0"), "cannot be read"),
    "no leaves": ("num_leaves", lambda _: "0", "without leaves"),
    "categories": ("num_cat", lambda _: "1", "of another kind"),
    "linear": ("is_linear", lambda _: "1", "of another kind"),
}


@pytest.mark.parametrize("case", WRONG_TREES)
def test_a_tree_that_would_crash_lightgbm_is_refused(trees, n_features, case):
    name, change, words = WRONG_TREES[case]
    assert words in tree_complaint(changed_field(trees, name, change), n_features)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (b"num_class=1", b"num_class=2", "more than one tree"),
        (b"tree_sizes=", b"tree_sizes=99999 ", "has a tree 0"),
        (b"tree_sizes=", b"tree_sizes=-1 ", "wrong length of tree"),
        (b"Tree=1\n", b"Tree=7\n", "wrong length of tree 1"),
        (b"label_index=0\n", b"", "has not the header"),
        (b"\n\n", b"\nmore=1\n\n", "has not the header"),
        (b"feature_names=", b"feature_names=one_more ", "is not about the fit's"),
        (b"end of trees\n", b"", "more trees than it says"),
        (b"[num_leaves:", b"[num_leaves8", "settings that cannot be read"),
        (b"\nend of parameters", b"", "settings that cannot be read"),
        (b"pandas_categorical:null", b"randas_categorical:null", "settings that cannot be read"),
    ],
)
def test_a_head_that_does_not_fit_its_trees_is_refused(trees, n_features, before, after, words):
    assert before in trees
    assert words in tree_complaint(trees.replace(before, after, 1), n_features)


def header_with(graph, **changes):
    names = ("level0", "max", "n", "record", "label", "data", "top", "entry", "m", "m0", "m2")
    values = list(HEADER.unpack_from(graph))
    for name, value in changes.items():
        values[names.index(name)] = value
    return HEADER.pack(*values) + graph[HEADER.size :]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"n": 10**9}, "is not about the fit's"),
        ({"max": 2**40}, "is not about the fit's"),
        ({"record": 8}, "not the layout"),
        ({"label": 2**50}, "not the layout"),
        ({"m0": 60_000}, "not the layout"),
        ({"entry": 10**6}, "entered at an item that it has not"),
        ({"top": 50}, "below its top"),
        ({"top": -1}, "entered at an item that it has not"),
    ],
)
def test_a_header_of_a_graph_that_would_crash_hnswlib_is_refused(graph, changes, words):
    n_items = HEADER.unpack_from(graph)[2]
    assert not graph_complaint(graph, n_items)
    assert words in graph_complaint(header_with(graph, **changes), n_items)


def test_links_of_a_graph_out_of_range_are_refused(graph):
    n_items = HEADER.unpack_from(graph)[2]
    start = HEADER.size
    far = graph[: start + 4] + b"\xff\xff\xff\x7f" + graph[start + 8 :]
    assert "links to an item that it has not" in graph_complaint(far, n_items)
    many = graph[:start] + b"\xff\xff" + graph[start + 2 :]
    assert "more links than room" in graph_complaint(many, n_items)
    assert "is cut short" in graph_complaint(graph[:-3], n_items)
    assert "is longer than its graph" in graph_complaint(graph + b"x", n_items)
    assert "is not about the fit's 3 items" in graph_complaint(graph, 3)


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("indices", lambda values: values * 0 + 1000, "column outside"),
        ("indices", lambda values: values - 1, "column outside"),
        ("indptr", lambda values: values[::-1], "pointers that do not rise"),
        ("indptr", lambda values: values[:-1], "pointers that do not rise"),
        ("shape", lambda values: values * 1.5, "no sparse matrix"),
        ("data", lambda values: values[:-1], "missing or not finite"),
        ("data", lambda values: values * np.nan, "missing or not finite"),
    ],
)
def test_a_sparse_matrix_that_points_outside_is_refused(tmp_path, name, change, words):
    matrix = sp.csr_matrix(np.array([[1.0, 0, 2], [0, 0, 3]], np.float32))
    parts = {
        "indptr": matrix.indptr,
        "indices": matrix.indices,
        "data": matrix.data,
        "shape": np.array(matrix.shape),
        "format": b"csr",
    }
    np.savez(tmp_path / "links.npz", **parts)
    assert not list(model_complaints(tmp_path, 3, 1))
    np.savez(tmp_path / "links.npz", **{**parts, name: change(parts[name])})
    (found,) = model_complaints(tmp_path, 3, 1)
    assert words in found


WRONG_LINKS = {
    "an item past the catalogue": ("link_items", lambda v: v * 0 + 9, "outside of the fit's 3"),
    "a negative item": ("link_items", lambda v: v - 5, "outside of the fit's 3"),
    "falling pointers": ("link_indptr", lambda v: v[[0, 2, 1, 3, 4]], "do not rise"),
    "pointers past the end": ("link_indptr", lambda v: v * [1, 1, 1, 5, 1], "do not rise"),
    "another catalogue": (
        "link_indptr",
        lambda v: v + np.array([0, 0, 0, 0, 1]),
        "links to 4 items",
    ),
    "too few rows": ("link_indptr", lambda v: v[[0, 3, 4]], "not a row for each"),
    "values missing": ("link_values", lambda v: v[:-1], "one item and one value each"),
    "a value not finite": ("link_values", lambda v: v * np.nan, "not finite"),
    "items in fractions": ("link_items", lambda v: v * 1.5, "one item and one value each"),
}


@pytest.mark.parametrize("case", WRONG_LINKS)
def test_links_that_point_outside_are_refused(tmp_path, case):
    """Kernels follow links without looking: an item past the end would be written to."""
    matrix = np.array([[0, 1.0, 2], [3, 0, 0], [0, 0, 4]], np.float32)
    Links.from_rows(*strongest(matrix, 3), 3).save(tmp_path)
    assert not list(model_complaints(tmp_path, 3, 1))
    name, change, words = WRONG_LINKS[case]
    path = tmp_path / f"{name}.npy"
    np.save(path, change(np.load(path)))
    (found,) = model_complaints(tmp_path, 3, 1)
    assert words in found


@pytest.fixture(scope="module")
def plain_trees():
    rng = np.random.default_rng(0)
    features = rng.normal(size=(40, 20, 3)).astype(np.float32)
    everything = np.ones((40, 20), bool)
    training = TrainingSet(features, everything, features[:, :, 1] > 1, ("a", "b", "c"))
    return fit_pointwise(training, RankerConfig(n_trees=4, n_leaves=5, min_leaf=5), 0)


def put_first(value):
    def change(values):
        values = values.copy()
        values[0] = value
        return values

    return change


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("left", put_first(10**6), "leads out or in a circle"),
        ("right", put_first(0), "leads out or in a circle"),
        ("feature", put_first(3), "outside of the 3"),
        ("feature", put_first(-1), "outside of the 3"),
        ("roots", put_first(-2), "root outside"),
        ("roots", lambda values: values * 1.5, "no whole numbers"),
        ("threshold", lambda values: values[:-1], "lack a part"),
        ("values", put_first(np.inf), "not finite"),
        ("gains", lambda values: values[:-1], "not about the fit's 3 features"),
    ],
)
def test_plain_trees_that_lead_outside_are_refused(plain_trees, tmp_path, name, change, words):
    plain_trees.save(tmp_path)
    assert not list(model_complaints(tmp_path, 3, 3))
    np.savez(tmp_path / "trees.npz", **{**vars(plain_trees), name: change(vars(plain_trees)[name])})
    (found,) = model_complaints(tmp_path, 3, 3)
    assert words in found


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("mean", lambda values: values[:-1], "not about the fit's 3 features"),
        ("masked", lambda _: np.array([3]), "column outside of the 3"),
        ("crossed", lambda _: np.array([[0, -1]]), "column outside of the 3"),
        ("crossed", lambda values: values * 1.5, "no whole numbers"),
        ("weights", lambda values: values[:-1], "not one weight for each"),
        ("weights", put_first(np.nan), "not finite"),
    ],
)
def test_a_linear_model_of_other_columns_is_refused(tmp_path, name, change, words):
    features = np.random.default_rng(0).normal(size=(40, 20, 3)).astype(np.float32)
    everything = np.ones((40, 20), bool)
    training = TrainingSet(features, everything, features[:, :, 1] > 1, ("a score", "b", "c"))
    fit_logistic(training, RankerConfig(), 0).save(tmp_path)
    assert not list(model_complaints(tmp_path, 3, 3))
    with np.load(tmp_path / "linear.npz") as file:
        arrays = dict(file)
    np.savez(tmp_path / "linear.npz", **{**arrays, name: change(arrays[name])})
    (found,) = model_complaints(tmp_path, 3, 3)
    assert words in found


@pytest.mark.parametrize("name", ["item_factors.npy", "item_scores.npy"])
def test_arrays_of_another_number_of_items_are_refused(tmp_path, name):
    np.save(tmp_path / name, np.ones(3, np.float32))
    assert not list(model_complaints(tmp_path, 3, 1))
    assert "for each of the fit's 4 items" in next(model_complaints(tmp_path, 4, 1))
    np.save(tmp_path / name, np.array([1, np.nan, 2], np.float32))
    assert "not finite" in next(model_complaints(tmp_path, 3, 1))


def test_statistics_of_another_number_of_items_are_refused(tmp_path):
    np.savez(tmp_path / "statistics.npz", seen=np.ones(3, np.float32))
    assert not list(model_complaints(tmp_path, 3, 1))
    assert "for each of the fit's 4 items" in next(model_complaints(tmp_path, 4, 1))


def test_packed_arrays_that_unpack_to_more_are_refused(tmp_path):
    content = io.BytesIO()
    np.save(content, np.zeros(1_000_000))
    with zipfile.ZipFile(tmp_path / "links.npz", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a.npy", content.getvalue())
    (found,) = model_complaints(tmp_path, 3, 1)
    assert "compressed" in found


FUZZ = """
    import sys
    import numpy as np, lightgbm, hnswlib
    from pathlib import Path
    from engine.model_checks.tree_text import tree_complaint
    from engine.model_checks.graph_file import graph_complaint, HEADER

    trees, graph = (Path(name).read_bytes() for name in sys.argv[1:3])
    n_features, target = int(sys.argv[3]), Path(sys.argv[4])
    rng = np.random.default_rng(0)
    n, data, label = (HEADER.unpack_from(graph)[at] for at in (2, 5, 4))
    dim = (label - data) // 4
    taken = 0
    for content in (trees, graph):
        for _ in range(400):
            changed = bytearray(content)
            for place in rng.integers(0, len(content), rng.integers(1, 4)):
                changed[place] = rng.integers(256)
            if content is trees:
                if tree_complaint(bytes(changed), n_features):
                    continue
                try:
                    model = lightgbm.Booster(model_str=changed.decode())
                except Exception:
                    continue
                model.predict(rng.normal(size=(50, n_features)))
                model.predict(rng.normal(size=(5, n_features)), pred_contrib=True)
            else:
                if graph_complaint(bytes(changed), n):
                    continue
                target.write_bytes(changed)
                index = hnswlib.Index(space="ip", dim=dim)
                index.load_index(str(target))
                index.set_ef(50)
                index.knn_query(rng.normal(size=(20, dim)).astype(np.float32), k=min(n, 20))
            taken += 1
    print(taken)
"""


def test_no_changed_model_that_passes_ends_the_process(tree_file, graph_file, n_features, tmp_path):
    """What the checks let through (another digit of a number, say) is what the libraries can do."""
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            textwrap.dedent(FUZZ),
            str(tree_file),
            str(graph_file),
            str(n_features),
            str(tmp_path / "graph"),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert int(ran.stdout.split()[-1]) > 10  # the checks do not refuse everything


def test_a_model_that_its_library_refuses_is_a_damaged_fit(tiny_artifacts, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise ValueError("secret detail")

    monkeypatch.setattr("lightgbm.Booster", refuse)
    opened_anew = replace(tiny_artifacts)
    with pytest.raises(ArtifactError, match="damaged: its models cannot be opened; run"):
        explain_ranks(opened_anew, 0)


@pytest.mark.parametrize("n_rows", [9, 10])
def test_statistics_of_fewer_moments_than_features_ask_for_are_refused(tmp_path, n_rows):
    lift = np.ones((n_rows, 4), np.float32)
    np.savez(tmp_path / "statistics.npz", seen=np.ones(4, np.float32), context_lift=lift)
    said = " ".join(model_complaints(tmp_path, 4, 1))
    assert ("has not a row for each of 10 moments" in said) == (n_rows < 10)
