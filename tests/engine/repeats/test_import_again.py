"""From raw files to lists that may hold what was bought before, by the mapping's own word."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest

from engine.__main__ import main
from engine.artifacts import open_artifacts
from engine.data import load_dataset
from engine.data_card import card_frame
from engine.fit_words import REPEATS_KEPT, split_sentence
from engine.importing.mapping_file import mapping_from_json, mapping_to_json
from engine.importing.publishing import check_files, import_files
from tests.engine.importing.shapes import gift_shop, groceries, write_csv


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(home))
    return home


def test_the_mapping_says_that_items_come_again_and_says_it_again_from_its_file(tmp_path):
    files = groceries(tmp_path)
    _, guess = check_files(files)
    mapping = replace(guess, interactions=replace(guess.interactions, repeats="again"))
    assert mapping_from_json(mapping_to_json(mapping)) == mapping
    done = import_files(files, mapping, "shop")
    assert done.again
    assert load_dataset("shop").again
    with gzip.open(files[0], "rt", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(load_dataset("shop").interactions) == len(rows)
    assert not import_files(files, guess, "shop-once").again
    said = " ".join(one.text for one in done.findings)
    assert "lists may hold what they have met" in said


def test_without_the_word_repeats_are_pointed_out_with_what_would_keep_them(tmp_path):
    built, _ = check_files(groceries(tmp_path))
    said = " ".join(one.text for one in built.findings)
    assert "`repeats`: `again`" in said


def test_returns_take_back_the_latest_purchases(tmp_path):
    (path,) = gift_shop(tmp_path)
    built_once, guess = check_files([path])
    mapping = replace(guess, interactions=replace(guess.interactions, repeats="again"))
    import_files([path], mapping, "gifts")
    table = load_dataset("gifts").interactions
    found = defaultdict(list)
    for row in table.itertuples():
        found[row.user_id, row.item_id].append((row.timestamp, row.value))
    wanted = defaultdict(list)
    with path.open(encoding="cp1252", newline="") as file:
        for row in csv.DictReader(file):
            if row["CustomerID"]:
                who = str(int(float(row["CustomerID"]))), row["StockCode"]
                wanted[who].append((row["InvoiceDate"], int(row["Quantity"])))
    total = {who: sum(n for _, n in rows) for who, rows in wanted.items()}
    assert {who: sum(n for _, n in rows) for who, rows in found.items()} == {
        who: n for who, n in total.items() if n > 0
    }
    assert built_once.counts["interactions"] == len(total)


def test_a_return_takes_back_part_of_the_last_purchase_and_leaves_the_earlier(tmp_path):
    rows = [["user_id", "item_id", "date", "quantity"], ["a", "x", "2024-01-01", 3],
            ["a", "x", "2024-02-01", 2], ["a", "x", "2024-03-01", -3], ["a", "y", "2024-01-05", 1],
            ["b", "x", "2024-01-01", -2], ["b", "y", "2024-01-01", 2]]  # fmt: skip
    path = write_csv(tmp_path / "sales.csv", rows)
    _, guess = check_files([path])
    mapping = replace(guess, interactions=replace(guess.interactions, repeats="again"))
    import_files([path], mapping, "sales")
    table = load_dataset("sales").interactions
    left = [(r.user_id, r.item_id, str(r.timestamp)[:10], r.value) for r in table.itertuples()]
    assert sorted(left) == [
        ("a", "x", "2024-01-01", 2.0),
        ("a", "y", "2024-01-05", 1.0),
        ("b", "y", "2024-01-01", 2.0),
    ]


def test_groceries_the_whole_way_by_commands_alone(tmp_path, own_home, capsys):
    files = [str(path) for path in groceries(tmp_path)]
    assert main(["import", *files, "--name", "shop", "--repeats", "again"]) == 0
    assert main(["fit", "--data", "shop", "--rankers", "logistic"]) == 0
    said = capsys.readouterr().out
    assert REPEATS_KEPT in said
    assert "met before, most often first" in said
    (out,) = (own_home / ".artifacts").glob("shop@ranked-by-logistic*")
    artifacts = open_artifacts(out)
    assert artifacts.offers_again
    assert REPEATS_KEPT in split_sentence(artifacts.manifest)
    assert np.mean(artifacts.history_count > 1) > 0.1
    card = card_frame(artifacts).set_index("what")["value"]
    assert card["kept"].startswith("yes")
    assert main(["fit", "--data", "shop", "--rankers", "logistic", "--repeats", "once"]) == 0
    (once,) = (own_home / ".artifacts").glob("*@repeats-once")
    assert not open_artifacts(once).offers_again
