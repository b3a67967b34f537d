"""The encoding of a text file: looked for in every byte, and turned into UTF-8 where it is none."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from engine.errors import DataError

__all__ = ["ENCODINGS", "Encoding", "as_utf8", "find_encoding"]

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16, little end first",
    "utf-16-be": "UTF-16, big end first",
    "cp1252": "Western European (Windows-1252)",
    "latin-1": "Western European (ISO 8859-1)",
    "iso8859-15": "Western European with € (ISO 8859-15)",
    "cp1250": "Central European (Windows-1250)",
    "iso8859-2": "Central European (ISO 8859-2)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8-r": "Cyrillic (KOI8-R)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "shift_jis": "Japanese (Shift JIS)",
    "euc-jp": "Japanese (EUC)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Chinese (Big5)",
    "euc-kr": "Korean (EUC)",
    "mac-roman": "Old Macintosh",
    "cp850": "Old Windows terminal (850)",
}
"""Name that Python knows → words."""

BLOCK = 1 << 22
FEW_BROKEN = 0.01


@dataclass(frozen=True)
class Encoding:
    """What the bytes of a file are.

    Attributes
    ----------
    name : str
        A key of :data:`ENCODINGS`.
    is_guess : bool
        Whether another would read the file too, with other letters.
    ends_differ : bool
        Whether lines end in more than one way.
    n_broken : int
        Bytes that are no text in this encoding; they become ``�``.
    """

    name: str
    is_guess: bool = False
    ends_differ: bool = False
    n_broken: int = 0

    @property
    def is_plain(self) -> bool:
        """Whether the file can be read as it lies there."""
        return self.name == "utf-8" and not self.ends_differ and not self.n_broken


def find_encoding(path: Path, given: str | None = None) -> Encoding:
    """Look at a whole file.

    UTF-8 and UTF-16 can be told; every other encoding is a guess (Windows-1252, which most
    programs that do not write UTF-8 mean), and is said to be one.

    Raises
    ------
    DataError
        ``given`` names no encoding that is known here.
    """
    if given is not None and given not in ENCODINGS:
        raise DataError(
            f"The encoding {given[:40]!r} is not known: give one of {', '.join(ENCODINGS)}."
        )
    with path.open("rb") as file:
        head = file.read(1 << 16)
    if given is None:
        given = _by_mark(head)
    if given is not None and given != "utf-8":
        return Encoding(given, ends_differ=True)  # written anew in any case
    n_broken, n_letters, ends_differ = _as_utf8(path)
    if given or n_broken <= FEW_BROKEN * n_letters:
        return Encoding("utf-8", ends_differ=ends_differ, n_broken=n_broken)
    return Encoding(_guess(path), is_guess=True, ends_differ=True)


def _by_mark(head: bytes) -> str | None:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > 0.2 * len(head) / 2 and min(even, odd) < 0.1 * max(even, odd):
        return "utf-16-be" if even > odd else "utf-16-le"
    return None


def _as_utf8(path: Path) -> tuple[int, int, bool]:
    """Count broken bytes and letters beyond ASCII; say whether lines end in more than one way."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    n_broken = n_letters = n_both = n_feeds = n_returns = 0
    last = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            # A return at the end of a block and the feed that begins the next are one end.
            if last == b"\r" and block.startswith(b"\n"):
                n_both += 1
            last = block[-1:]
            n_both += block.count(b"\r\n")
            n_feeds += block.count(b"\n")
            n_returns += block.count(b"\r")
            if not block.isascii():
                text = decoder.decode(block)
                # Those that are written in the file are no broken bytes.
                n_broken += text.count("\ufffd") - block.count(b"\xef\xbf\xbd")
                n_letters += (
                    len(text) - sum(map(text.count, map(chr, range(128))))
                    if (n_broken)
                    else len(block) - len(text)
                )
    alone = n_feeds - n_both, n_returns - n_both, n_both
    return max(n_broken, 0), n_letters, sum(count > 0 for count in alone) > 1


def _guess(path: Path) -> str:
    decoder = codecs.getincrementaldecoder("cp1252")("strict")
    with path.open("rb") as file:
        try:
            while block := file.read(BLOCK):
                decoder.decode(block)
        except UnicodeDecodeError:
            return "latin-1"  # has a letter for every byte
    return "cp1252"


def as_utf8(path: Path, encoding: Encoding, target: Path) -> Path:
    """Return a file with the same text in UTF-8 and one kind of line end: it itself if it has.

    Raises
    ------
    DataError
        The bytes are no text in the encoding that was asked for.
    """
    if encoding.is_plain:
        return path
    errors = "replace" if encoding.n_broken else "strict"
    name = "utf-8-sig" if encoding.name == "utf-8" else encoding.name
    try:
        with (
            path.open(encoding=name, errors=errors, newline=None) as source,
            target.open("w", encoding="utf-8", newline="\n") as out,
        ):
            while block := source.read(BLOCK):
                out.write(block.removeprefix("\ufeff") if out.tell() == 0 else block)
    except UnicodeError as error:
        raise DataError(
            f"{path.name} is no text in {ENCODINGS[encoding.name]}: choose another encoding."
        ) from error
    return target
