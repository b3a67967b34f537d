"""The log that a fit keeps: what is in it, what it says of itself, and who is refused."""

from __future__ import annotations

import shutil

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from engine.__main__ import main
from engine.artifacts import open_artifacts
from engine.checksums import CHECKSUMS, checksums_of
from engine.data import split
from engine.data.registry import load_dataset
from engine.data.shown import log_table, one_row_a_place
from engine.errors import ArtifactError
from engine.online.kept_log import kept_log
from engine.online.log import read_log
from engine.online.log_report import log_checks, log_words
from engine.online.rates import rate_frame, rates


def test_what_was_shown_is_kept_through_split_and_fit(tiny_data, tiny_artifacts):
    log = kept_log(tiny_artifacts)
    shown = tiny_data.shown
    is_known = shown["user_id"].isin(tiny_artifacts.users["user_id"])
    assert len(log) == is_known.sum()
    assert log.reward.sum() == (shown["event"] != "impression")[is_known].sum()
    assert set(log.policy) == {"old", "new"}
    assert log.position.max() == 4
    assert log.seconds.max() == shown["seconds"].max()
    assert any("places that were shown" in one for one in tiny_artifacts.manifest["notes"])
    assert "tables/log.parquet" in (tiny_artifacts.folder / CHECKSUMS).read_text()


def test_rows_among_the_interactions_are_a_log_too_and_no_part_of_histories(tmp_path):
    (tmp_path / "items.csv").write_text("item_id,title\n1,Harbour\n2,Night\n3,Day\n")
    (tmp_path / "interactions.csv").write_text(
        "user_id,item_id,timestamp,event,position,propensity,policy,slate,seconds\n"
        "a,1,10,impression,0,0.5,old,x,\na,1,12,click,0,0.5,old,x,30\n"
        "a,2,10,impression,1,0.25,old,x,\nb,3,5,purchase,,,,,\nb,2,20,impression,0,0.5,old,y,\n"
        "b,2,21,purchase,,,,,\nb,1,22,click,,,,,\n"
    )
    data = load_dataset(tmp_path, liked=1)
    table, n_out = log_table(data, data.users["user_id"])
    assert n_out == 0
    found = {(row.user, row.item): row for row in table.itertuples()}
    assert {key: row.event for key, row in found.items()} == {
        (0, 0): "click",
        (0, 1): "impression",
        (1, 1): "purchase",
    }
    assert found[0, 0].seconds == 30
    assert found[0, 1].propensity == pytest.approx(0.25)
    assert len(split(data).seen.indices) + len(split(data).holdout.indices) == 4


def test_what_came_of_a_place_is_joined_to_its_impression():
    table = pd.DataFrame(
        {
            "user_id": ["a"] * 6,
            "item_id": ["x", "x", "x", "y", "y", "y"],
            "event": ["impression", "impression", "click", "click", "impression", "purchase"],
            "position": [0, 0, 0, 1, 1, 1],
            "timestamp": pd.to_datetime([0, 500, 600, 50, 90, 400_000], unit="s"),
        }
    )
    # one choice before any impression, and one days later: a row is a place, as in the other form
    assert len(one_row_a_place(table)) == 6
    places = one_row_a_place(table.iloc[:3])
    assert places["event"].tolist() == ["impression", "click"]  # of the later impression
    nowhere = one_row_a_place(table.assign(position=[0, 0, None, None, 1, None]))
    assert nowhere["event"].tolist() == ["impression", "click", "purchase"]
    assert nowhere.index.tolist() == [0, 1, 4]


def test_the_report_finds_chances_that_cannot_be(tiny_artifacts):
    log = kept_log(tiny_artifacts)
    said = {one.what: one for one in log_checks(log, tiny_artifacts.n_items)}
    assert [one for one in said.values() if one.is_right is False] == []
    assert said["Chances of all titles at the top add up to at most 1"].is_right
    assert "2 policies" in log_words(log)
    for factor, what in ((3.0, "Chances of all titles"), (1 / 3, "Propensities are not too small")):
        wrong = read_log(tiny_frame(tiny_artifacts, factor))
        bad = [one.what for one in log_checks(wrong, tiny_artifacts.n_items) if not one.is_right]
        assert any(one.startswith(what) for one in bad)


def tiny_frame(artifacts, factor: float = 1.0) -> pd.DataFrame:
    log = kept_log(artifacts)
    return pd.DataFrame(
        {
            "user_id": log.user_ids,
            "item_id": log.item_ids,
            "event": np.where(log.strength > 0, "click", "impression"),
            "position": log.position,
            "propensity": log.propensity * factor,
        }
    )


def test_several_titles_for_one_place_must_not_have_chances_above_one():
    table = pd.DataFrame(
        {
            "user_id": "a",
            "item_id": ["x", "y", "x", "y"],
            "event": ["click", "impression"] * 2,
            "position": 0,
            "propensity": [0.5, 0.5, 0.9, 0.3],
            "slate": ["1", "1", "2", "2"],
        }
    )
    (check,) = (one for one in log_checks(read_log(table), 2) if "of a place" in one.what)
    assert check.is_right is False
    assert "2 places with several titles, above 1 in 1" in check.words


def ends_of_a_ratio(value: float, each: pd.DataFrame) -> tuple[float, float]:
    """Ends of the 95 % interval of Σ off / Σ n over people, the cubic turned round by search."""
    g, off = len(each), each["off"]
    sd = np.sqrt((off**2).mean())
    skew = (off**3).mean() / sd**3 / np.sqrt(g)
    bend = skew / 3 - (off * each["n"]).mean() / each["n"].mean() / sd / np.sqrt(g)

    def cubic(t: float) -> float:
        return t + bend * t**2 + bend**2 * t**3 / 3 + skew / 6

    error = np.sqrt((off**2).sum() * g / (g - 1)) / each["n"].sum()
    half = stats.t.isf(0.025, g - 1)
    ends = [optimize.brentq(lambda t, y=y: cubic(t) - y, -99, 99) for y in (half, -half)]
    return value - error * ends[0], value - error * ends[1]


def test_where_nobody_or_everybody_chose_the_interval_is_what_so_many_people_would_have_hidden():
    people = pd.DataFrame({"user_id": [str(at) for at in range(60)], "propensity": 0.5})
    first = people.assign(item_id="x", event="click", position=0)
    table = pd.concat([first, people.assign(item_id="y", event="impression", position=1)])
    found = {one.part: one for one in rates(read_log(table)) if one.by == "place"}
    least = 0.05 ** (1 / 60)
    assert (found["1"].low, found["1"].high) == pytest.approx((least, 1.0))
    assert (found["2"].low, found["2"].high) == pytest.approx((0.0, 1 - least))


def test_rates_are_means_by_policy_group_and_place_with_intervals_over_people(tiny_artifacts):
    log = kept_log(tiny_artifacts)
    found = rates(log, tiny_artifacts)
    assert {one.measure for one in found} == {"click-through", "conversion", "view time"}
    gender = tiny_artifacts.users.set_index("user_id")["gender"].reindex(log.user_ids).to_numpy()
    for one in found:
        values = {
            "click-through": log.reward,
            "conversion": (log.strength >= 5).astype(float),
            "view time": log.seconds,
        }[one.measure]
        kept = log.policy == one.policy
        if one.by == "place":
            kept &= log.position == int(one.part) - 1
        elif one.by == "gender":
            kept &= gender == one.part
        elif one.by != "all":
            continue
        own, who = values[kept], log.user_ids[kept]
        assert one.n == len(own)
        assert one.n_people == len(set(who)) >= 20
        assert one.value == pytest.approx(own.mean())
        each = pd.DataFrame({"off": own - own.mean(), "n": 1.0}).groupby(who).sum()
        assert (one.low, one.high) == pytest.approx(ends_of_a_ratio(own.mean(), each), rel=1e-6)
    frame = rate_frame(found, "click-through", "place")
    assert len(frame) == 10


def damaged_fit(folder, tmp_path, change):
    out = tmp_path / "fit"
    shutil.copytree(folder, out)
    own = out / (out / "CURRENT").read_text().strip()
    change(own / "tables" / "log.parquet")
    (own / CHECKSUMS).write_text(checksums_of(own))
    return open_artifacts(out)


def edit(**columns):
    def change(path):
        pd.read_parquet(path).assign(**columns).to_parquet(path, index=False)

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda path: path.write_bytes(b"nothing"), "cannot be read"),
        (edit(item=np.int32(999)), "names a row of items outside"),
        (edit(propensity=np.float32(2)), "chances outside of 0 to 1"),
        (edit(position="top"), "no column position of the kind expected"),
    ],
)
def test_a_log_that_cannot_be_is_refused_in_a_sentence(tiny_folder, tmp_path, change, said):
    artifacts = damaged_fit(tiny_folder, tmp_path, change)
    with pytest.raises(ArtifactError, match=said):
        kept_log(artifacts)


def test_a_fit_without_a_log_has_none(tiny_folder, tmp_path):
    artifacts = damaged_fit(tiny_folder, tmp_path, lambda path: path.unlink())
    assert kept_log(artifacts) is None


def test_the_report_on_the_data_holds_the_log_against_the_same_checks(
    tiny_folder, tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path))
    (tmp_path / ".artifacts").mkdir()
    (tmp_path / ".artifacts" / "tiny").symlink_to(tiny_folder)
    assert main(["data", "show", "tiny"]) == 0
    assert "Propensities in (0, 1]: yes" in capsys.readouterr().out
