"""Files inside of gzip and zip, unpacked into a scratch folder and no byte more than may be."""

from __future__ import annotations

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from engine.data.archive import extract
from engine.data.limits import MOST_RATIO, MOST_UNPACKED, check_size, size_in_words
from engine.errors import DataError

__all__ = ["TABLES", "unpacked"]

TABLES = (
    ".csv", ".tsv", ".txt", ".dat", ".data", ".tab", ".item", ".user", ".inter",
    ".jsonl", ".ndjson", ".json", ".parquet", ".pq", ".xlsx", ".xlsm", ".xls", ".ods",
)  # fmt: skip
"""Endings of files that may be tables; what else is in an archive (a licence) is no table."""

STREAMS: dict[bytes, tuple[str, Callable[[Path], Any]]] = {
    b"\x1f\x8b": (".gz", gzip.GzipFile),
    b"BZh": (".bz2", bz2.BZ2File),
    b"\xfd7zXZ": (".xz", lzma.LZMAFile),
}
"""How a packed file begins → its ending, and what opens it."""

UNREAD = {
    b"\x28\xb5\x2f\xfd": "packed by zstd",
    b"7z\xbc\xaf": "a 7z archive",
    b"Rar!": "a RAR archive",
}
BLOCK = 1 << 20
SMALL = 10 << 20
MOST_FILES = 100


def unpacked(path: Path, scratch: Path) -> dict[str, Path]:
    """Return the tables in a file by name: the file itself, or what is packed in it.

    Parameters
    ----------
    path : Path
        A table, one of :data:`TABLES` under gzip, or a zip archive of tables.
    scratch : Path
        Existing folder that what is packed is written to.

    Raises
    ------
    DataError
        Missing, empty, too large, damaged, or an archive without a table.
    """
    try:
        n_bytes = path.stat().st_size
        if not path.is_file():
            raise DataError(f"{path} is no file: give the files that hold the tables.")
        with path.open("rb") as file:
            head = file.read(6)
    except OSError as error:
        raise DataError(f"{path} cannot be opened ({error.strerror or error}).") from error
    if not n_bytes:
        raise DataError(f"{path.name} is empty: write the table into it.")
    check_size(path.name, n_bytes)
    suffix = path.suffix.lower()
    stream = next((one for begins, one in STREAMS.items() if head.startswith(begins)), None)
    if stream is not None:
        return _from_stream(path, n_bytes, scratch, *stream)
    words = next((one for begins, one in UNREAD.items() if head.startswith(begins)), None)
    if words is not None:
        raise DataError(f"{path.name} is {words}: unpack it, and give the files or a zip.")
    if head.startswith(b"PK\x03\x04") and suffix not in (".xlsx", ".xlsm", ".ods"):
        return _from_zip(path, scratch)
    return {path.name: path}


def _from_stream(
    path: Path, n_bytes: int, scratch: Path, ending: str, opener: Callable[[Path], Any]
) -> dict[str, Path]:
    name = path.name.removesuffix(ending)
    target = scratch / name
    most = min(MOST_UNPACKED, max(MOST_RATIO * n_bytes, SMALL))
    try:
        with opener(path) as source, target.open("wb") as out:
            while block := source.read(BLOCK):
                out.write(block)
                if out.tell() > most:
                    raise DataError(
                        f"{path.name} ({size_in_words(n_bytes)} packed) unpacks to more than "
                        f"{size_in_words(most)}: unpack it yourself, and give the file."
                    )
    except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
        raise DataError(f"{path.name} is damaged ({error}): pack it again.") from error
    if not target.stat().st_size:
        raise DataError(f"{path.name} holds an empty file: write the table into it.")
    with target.open("rb") as file:
        if file.read(262)[257:] == b"ustar":
            raise DataError(
                f"{path.name} is a tar archive: unpack it, and give the files or a zip."
            )
    return {name: target}


def _from_zip(path: Path, scratch: Path) -> dict[str, Path]:
    try:
        with zipfile.ZipFile(path) as packed:
            inside = [one.filename for one in packed.infolist() if one.file_size]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DataError(f"{path.name} is not a readable zip archive ({error}).") from error
    wanted: dict[str, str] = {}
    for member in inside:
        name = PurePosixPath(member).name
        is_hidden = name.startswith(".") or member.startswith("__MACOSX/")
        if not is_hidden and name.lower().endswith(TABLES) and name.lower() != "readme.txt":
            wanted[name] = member
    if not wanted:
        raise DataError(
            f"{path.name} holds no table: put files in it that end in {', '.join(TABLES[:4])} …"
        )
    if len(wanted) > MOST_FILES:
        raise DataError(
            f"{path.name} holds {len(wanted):,} tables, and at most {MOST_FILES} are read at once."
        )
    extract(path, wanted, scratch)
    return {name: scratch / name for name in wanted}
