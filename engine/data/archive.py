"""Unpack the files that are wanted from a zip archive, and not one byte more than may be."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from engine.data.limits import MOST_RATIO, MOST_UNPACKED, size_in_words
from engine.errors import DataError

__all__ = ["extract", "member_names"]

BLOCK = 1 << 20
SMALL = 10 << 20
"""Bytes up to which any ratio may be: a table of noughts is no harm."""


def member_names(archive: Path) -> dict[str, str]:
    """Return the files in an archive: name without folders → name with them.

    Raises
    ------
    DataError
        If it is no zip archive.
    """
    try:
        with zipfile.ZipFile(archive) as packed:
            return {PurePosixPath(name).name: name for name in packed.namelist()}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DataError(f"{archive} is not a readable zip archive ({error}).") from error


def extract(archive: Path, wanted: Mapping[str, str], folder: Path) -> None:
    """Write files of an archive into ``folder``.

    Parameters
    ----------
    archive : Path
    wanted : mapping
        Name to write under → name in the archive.
    folder : Path

    Raises
    ------
    DataError
        If a file is missing, damaged or encrypted, or together they unpack to more than
        :mod:`engine.data.limits` allows; what sizes an archive claims is not relied upon.
    """
    room = MOST_UNPACKED
    try:
        with zipfile.ZipFile(archive) as packed:
            for file, name in wanted.items():
                about = packed.getinfo(name)
                most = min(room, max(MOST_RATIO * about.compress_size, SMALL))
                with packed.open(about) as source, (folder / file).open("wb") as target:
                    while block := source.read(BLOCK):
                        target.write(block)
                        if target.tell() > most:
                            raise DataError(_too_large(archive, name, about.compress_size))
                    room -= target.tell()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise DataError(f"{archive} is not a readable zip archive ({error}).") from error
    except (KeyError, RuntimeError, NotImplementedError) as error:
        raise DataError(
            f"{archive} cannot be unpacked ({str(error).strip(chr(39))}): unpack it yourself, and "
            "give the folder."
        ) from error


def _too_large(archive: Path, name: str, n_packed: int) -> str:
    return (
        f"{archive}: {name} ({size_in_words(n_packed)} packed) unpacks to more than may be read: "
        f"at most {size_in_words(MOST_UNPACKED)} in all, and {MOST_RATIO} bytes for each packed "
        "one; unpack it yourself, and give the folder."
    )
