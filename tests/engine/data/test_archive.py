"""Archives that are not what they claim: nothing unpacks without end or ends in a traceback."""

import struct
import zipfile

import pytest

from engine.data import archive as archive_module
from engine.data import load_dataset
from engine.errors import DataError

HEAD = "userId,movieId,rating,timestamp\n"


def packed(path, ratings, movies="movieId,title,genres\n1,One (1999),War\n"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("ml/ratings.csv", ratings)
        target.writestr("ml/movies.csv", movies)
    return path


def test_an_archive_that_unpacks_a_thousandfold_is_refused(tmp_path):
    bomb = packed(tmp_path / "ml.zip", HEAD + "0" * 40_000_000)
    assert bomb.stat().st_size < 100_000
    with pytest.raises(
        DataError, match=r"ml/ratings\.csv .* unpacks to more .* 100 bytes for each"
    ):
        load_dataset(bomb)


def test_the_files_of_an_archive_share_one_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(archive_module, "MOST_UNPACKED", 100)
    good = packed(tmp_path / "ml.zip", HEAD + "1,1,4,880000000\n" * 6)
    with pytest.raises(DataError, match=r"unpacks to more than may be read: at most 100 bytes"):
        load_dataset(good)


def test_a_damaged_archive_is_refused(tmp_path):
    path = packed(tmp_path / "ml.zip", HEAD + "1,1,4,880000000\n" * 50)
    content = bytearray(path.read_bytes())
    start = content.find(b"ml/ratings.csv") + len(b"ml/ratings.csv")
    content[start : start + 20] = bytes(20)
    path.write_bytes(content)
    with pytest.raises(DataError, match="is not a readable zip archive"):
        load_dataset(path)


def test_an_encrypted_archive_is_refused(tmp_path):
    path = packed(tmp_path / "ml.zip", HEAD + "1,1,4,880000000\n")
    content = bytearray(path.read_bytes())
    for sign, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(sign)
        while at >= 0:
            struct.pack_into("<H", content, at + offset, 1)
            at = content.find(sign, at + 1)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be unpacked .*: unpack it yourself"):
        load_dataset(path)
