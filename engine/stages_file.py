"""Which stages a fit has, as a file: sources with their depths, rankers, and settings of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from engine.errors import DataError
from engine.fit_config import FitConfig
from engine.pipeline.lists import BASELINES
from engine.pipeline.ranking.registry import ALONE
from engine.pipeline.retrieval.registry import SOURCES, depths_of
from engine.pipeline.retrieval.source_config import PARTS
from engine.pipeline.second.registry import SECONDS
from engine.strict_json import file_content, json_of

__all__ = ["read_stages", "with_stages"]

MOST_BYTES = 100_000
MOST_DEEP = 1000
OF_FIT = {"ranker": "ranker", "second": "second_stage"}
"""Settings that are no source's: name in a file → field of the fit's settings."""

PART_NAMES = ("sources", "rankers", "second", "for_groups", "candidates", "settings")
EXAMPLE = '{"sources": {"sasrec": true}, "rankers": ["listwise"], "settings": {"ranker": {}}}'


def read_stages(path: Path, config: FitConfig) -> FitConfig:
    """Return ``config`` with the stages that a file asks for.

    Raises
    ------
    DataError
        The file cannot be read, or asks for what there is not.
    """
    remedy = f"give a file of JSON, as {EXAMPLE}."
    text = file_content(
        path, max_bytes=MOST_BYTES, what="--stages:", remedy=remedy, error=DataError
    )
    what = f"--stages: {path}"
    return with_stages(config, json_of(text, max_bytes=MOST_BYTES, what=what, error=DataError))


def with_stages(config: FitConfig, asked: Any) -> FitConfig:
    """Return ``config`` with the stages that ``asked`` names; all else stays.

    Parameters
    ----------
    config : FitConfig
    asked : mapping
        ``sources`` maps a source to true, false or its depth; ``rankers`` lists those to compare;
        ``second`` names the second stage; ``for_groups`` an attribute whose groups may get rankers
        of their own; ``candidates`` is a number; ``settings`` maps ``ranker``,
        ``second`` or a field of
        :data:`engine.pipeline.retrieval.source_config.PARTS`, to settings by name.

    Raises
    ------
    DataError
        Something is not known, or of another kind than it should be.
    """
    parts = _mapping(asked, "the file", PART_NAMES)
    config = _with_sources(config, _mapping(parts.get("sources", {}), "sources", SOURCES))
    if "rankers" in parts:
        config = replace(config, rankers=_rankers(parts["rankers"]))
    settings = _mapping(parts.get("settings", {}), "settings", (*PARTS, *OF_FIT))
    try:
        for name, given in settings.items():
            config = _with_settings(config, name, given)
        if "second" in parts:
            config = replace(config, second=_second(parts["second"]))
        if "for_groups" in parts:
            config = replace(config, for_groups=_for_groups(parts["for_groups"]))
        if "candidates" in parts:
            config = replace(config, n_candidates=_whole(parts["candidates"], "candidates"))
        depths_of(config.sources)
    except ValueError as error:
        raise DataError(f"--stages: {error}") from error
    return config


def _with_settings(config: FitConfig, name: str, given: Any) -> FitConfig:
    if name in OF_FIT:
        field = OF_FIT[name]
        return replace(config, **{field: _changed(getattr(config, field), given, name)})
    part = _changed(getattr(config.sources, name), given, name)
    return replace(config, sources=replace(config.sources, **{name: part}))


def _second(given: Any) -> str:
    if given in (None, False, ""):
        return ""
    if not isinstance(given, str) or given not in SECONDS:
        raise DataError(
            f"--stages: second must be one of {', '.join(SECONDS)}, or false; got {given!r:.60}."
        )
    return given


def _for_groups(given: Any) -> str:
    if given in (None, False):
        return ""
    if not isinstance(given, str):
        raise DataError(
            "--stages: for_groups must name an attribute of people, or be false; got "
            f"{given!r:.60}."
        )
    return given.strip()


def _with_sources(config: FitConfig, given: Mapping[str, Any]) -> FitConfig:
    options = list(config.sources.options)
    dropped: list[str] = []
    depths: dict[str, int] = {}
    for name, value in given.items():
        is_on = value is not False and value != 0
        if is_on and SOURCES[name].is_option and name not in options:
            options.append(name)
        if not is_on:
            _refuse_needed(name)
            options = [one for one in options if one != name]
            dropped += [] if SOURCES[name].is_option else [name]
        elif value is not True:
            depths[name] = _whole(value, f"the depth of {name}", MOST_DEEP)
    sources = replace(
        config.sources,
        options=tuple(options),
        dropped=tuple(dropped),
        depths=tuple(depths.items()),
    )
    return replace(config, sources=sources)


def _refuse_needed(name: str) -> None:
    if name in (needed := [source for source in BASELINES.values() if source]):
        raise DataError(
            f"--stages: sources: {name} cannot be left out, for every fit is held against "
            f"{' and '.join(needed)} alone; give it a depth."
        )


def _rankers(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or not all(isinstance(one, str) for one in given):
        raise DataError(
            f"--stages: rankers must be a list of {', '.join(ALONE)}; got {given!r:.60}."
        )
    unknown = [name for name in given if name not in ALONE]
    if unknown or len(set(given)) < len(given):
        raise DataError(
            f"--stages: rankers must be different ones of {', '.join(ALONE)}; got {given!r:.60}."
        )
    return tuple(given)


def _mapping(given: Any, what: str, known: Any) -> Mapping[str, Any]:
    if not isinstance(given, dict):
        raise DataError(
            f"--stages: {what} must be a JSON object with any of {', '.join(known)}; "
            f"got {given!r:.60}."
        )
    for name in given:
        if name not in known:
            raise DataError(
                f"--stages: {what} name {name!r:.60}, which is not known; there are "
                f"{', '.join(known)}."
            )
    return given


def _changed(part: Any, given: Any, name: str) -> Any:
    """Return ``part``, a record of settings, with those that were given, each of its own kind."""
    usual = {field.name: getattr(part, field.name) for field in fields(part)}
    changes = {}
    for key, value in _mapping(given, f"the settings of {name}", usual).items():
        kind = type(usual[key])
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or value < 0 or (kind is int and value != int(value)):
            wanted = "a whole number" if kind is int else "a number"
            raise DataError(
                f"--stages: {key} of {name} must be {wanted} from 0 on; got {value!r:.60}."
            )
        changes[key] = kind(value)
    return replace(part, **changes)


def _whole(value: Any, what: str, most: int | None = None) -> int:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    if not is_whole or value < 1 or (most is not None and value > most):
        upto = f"from 1 to {most}" if most else "from 1 on"
        raise DataError(f"--stages: {what} must be a whole number {upto}; got {value!r:.60}.")
    return int(value)
