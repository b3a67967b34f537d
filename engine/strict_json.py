"""JSON from outside, read with limits: size, depth, digits, no field twice, no NaN.

Python's own reader takes all of these, and some of them (100,000 brackets, a number of 5,000
digits) end in errors that are no ``JSONDecodeError``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.errors import StudioError

__all__ = ["BadJsonError", "file_content", "json_of", "read_json"]

MAX_DEPTH = 20
MAX_DIGITS = 40
"""Of one number: more than any of ours has."""


class BadJsonError(ValueError):
    """The text is no JSON that can be taken; the message is half a sentence."""


def file_content(
    path: Path, *, max_bytes: int, what: str, remedy: str, error: type[StudioError]
) -> bytes:
    """Read a file, or a pipe, of any length: no more than tells that it is too long.

    Parameters
    ----------
    path : Path
    max_bytes : int
        As for :func:`read_json`, which refuses one byte more.
    what, remedy : str
        Begin and end of the sentence where it cannot be opened: "The record", "give the path of …".
    error : type
        Of the error that says it.
    """
    try:
        with path.open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as problem:
        why = problem.strerror or problem
        raise error(f"{what} {path} cannot be read ({why}); {remedy}") from problem


def json_of(given: str | bytes, *, max_bytes: int, what: str, error: type[StudioError]) -> Any:
    """Read a JSON text as :func:`read_json` does, and refuse it in a whole sentence.

    Parameters
    ----------
    given, max_bytes
        As there.
    what : str
        The sentence's subject: "The scenario".
    error : type
        Of the error that says it.
    """
    try:
        return read_json(given, max_bytes=max_bytes)
    except BadJsonError as problem:
        raise error(f"{what} {problem}.") from problem


def read_json(given: str | bytes, *, max_bytes: int) -> Any:
    """Read a JSON text.

    Parameters
    ----------
    given : str or bytes
        Bytes are UTF-8, with or without a byte order mark.
    max_bytes : int
        The longest text that is read at all.

    Raises
    ------
    BadJsonError
        Too long, too deep, not UTF-8, not JSON, a field given twice, a number that is not finite
        or of more than 40 digits, half of a surrogate pair.
    """
    text = _text(given, max_bytes)
    _check_depth(text)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_without_twins,
            parse_constant=_no_constant,
            parse_int=_whole,
            parse_float=_number,
        )
    except json.JSONDecodeError as error:
        raise BadJsonError(
            f"is not valid JSON: {error.msg} in line {error.lineno}, column {error.colno}"
        ) from error
    _check_letters(value)
    return value


def _text(given: str | bytes, max_bytes: int) -> str:
    if len(given) > max_bytes:
        raise BadJsonError(f"is {len(given):,} bytes long; at most {max_bytes:,} are read")
    if isinstance(given, str):
        return given.removeprefix("\ufeff")
    try:
        return given.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadJsonError(f"is not UTF-8 text (byte {error.start + 1})") from error


def _check_depth(text: str) -> None:
    """Count brackets outside of strings, before anything recurses into them."""
    depth, is_in_string, is_escaped = 0, False, False
    for letter in text:
        if is_in_string:
            is_in_string = is_escaped or letter != '"'
            is_escaped = letter == "\\" and not is_escaped
        elif letter == '"':
            is_in_string = True
        elif letter in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise BadJsonError(f"is nested more than {MAX_DEPTH} levels deep")
        elif letter in "]}":
            depth -= 1


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadJsonError(f"gives the field {name[:60]!r} twice")
        found[name] = value
    return found


def _no_constant(name: str) -> None:
    raise BadJsonError(f"holds {name}, which is no number")


def _check_digits(digits: str) -> None:
    if len(digits) > MAX_DIGITS:
        raise BadJsonError(f"holds a number of {len(digits):,} digits ({digits[:12]}…)")


def _whole(digits: str) -> int:
    _check_digits(digits)
    return int(digits)


def _number(digits: str) -> float:
    _check_digits(digits)
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise BadJsonError(f"holds a number that is too large ({digits})")
    return value


def _check_letters(value: Any) -> None:
    """Refuse half of a surrogate pair, which no file, page or address can hold."""
    if isinstance(value, str):
        try:
            value.encode("utf-8")
        except UnicodeEncodeError as error:
            raise BadJsonError(r"holds half of a surrogate pair (\ud800 to \udfff)") from error
    elif isinstance(value, dict):
        for name, part in value.items():
            _check_letters(name)
            _check_letters(part)
    elif isinstance(value, list):
        for part in value:
            _check_letters(part)
