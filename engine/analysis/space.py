"""The controls that a sweep or a search may move, as a box of numbers in [0, 1]."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from engine.artifacts import Artifacts
from engine.controls import CONTROLS, Number
from engine.errors import ScenarioError
from engine.reranking.inert import inert_reasons
from engine.scenario import Cap, Scenario

__all__ = ["CAP", "Axis", "Space", "controls_of", "idle_sentences", "make_space"]

CAP = "genre_cap"
"""An axis that is no control of its own: at most so many of one genre; its high end is no cap."""
CAP_TOP = 10
MOST_AXES = 8

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Axis:
    """One control and the values that it may take, in order.

    Attributes
    ----------
    name : str
        Of the control, or :data:`CAP`.
    values : tuple
    is_number : bool
        Neighbours in the order are alike.
    """

    name: str
    values: tuple[float | int | str, ...]
    is_number: bool

    def at(self, place: float) -> float | int | str:
        """Value at a place in [0, 1]."""
        return self.values[min(int(place * len(self.values)), len(self.values) - 1)]

    def place(self, value: float | int | str) -> float:
        """Middle of the cell of the value nearest to ``value``."""
        if self.is_number:
            number = float(value)
            at = min(range(len(self.values)), key=lambda i: abs(float(self.values[i]) - number))
        else:
            at = self.values.index(value) if value in self.values else 0
        return (at + 0.5) / len(self.values)


@dataclass(frozen=True)
class Space:
    """All settings that differ from ``origin`` in some axes only."""

    origin: Scenario
    axes: tuple[Axis, ...]

    @property
    def size(self) -> int:
        """Number of different settings."""
        return int(np.prod([len(axis.values) for axis in self.axes], dtype=np.float64))

    def scenario(self, point: Floats) -> Scenario:
        """Return the setting at a point of the unit box, shape (n_axes,)."""
        values = {axis.name: axis.at(place) for axis, place in zip(self.axes, point, strict=True)}
        return self._with(values)

    def point(self, scenario: Scenario) -> Floats:
        """Return the point of the unit box whose cell holds a setting, shape (n_axes,)."""
        return np.array([axis.place(self._value(scenario, axis.name)) for axis in self.axes])

    def design(self, n: int, *, seed: int) -> list[Scenario]:
        """Spread ``n`` settings evenly: the origin, then scrambled Sobol points, no setting twice.

        Source
        ------
        Owen, "Scrambling Sobol' and Niederreiter-Xing points", J. Complexity 1998.
        """
        sampler = qmc.Sobol(len(self.axes), rng=np.random.default_rng(seed))
        drawn = sampler.random_base2(max(1, int(np.ceil(np.log2(max(2, 2 * n))))))
        found = {self.origin: None}
        for point in drawn:
            if len(found) >= n:
                break
            found.setdefault(self.scenario(point), None)
        return list(found)

    def grid(self) -> Iterator[Scenario]:
        """Every setting, one after the other."""
        for at in np.ndindex(*(len(axis.values) for axis in self.axes)):
            places = zip(self.axes, at, strict=True)
            yield self._with({axis.name: axis.values[place] for axis, place in places})

    def _value(self, scenario: Scenario, name: str) -> float | int | str:
        if name != CAP:
            return getattr(scenario, name)
        limits = [c.at_most for c in scenario.caps if c.kind == "genre" and c.value is None]
        return min(limits, default=CAP_TOP)

    def _with(self, values: dict[str, Any]) -> Scenario:
        cap = values.pop(CAP, None)
        found = replace(self.origin, name="", **values)
        if cap is None:
            return found
        top = min(CAP_TOP, found.k)
        own = (Cap("genre", None, int(cap), top),) if int(cap) < top else ()
        return replace(found, caps=(*_others(found.caps), *own))


def make_space(
    origin: Scenario, names: Sequence[str], *, finest: float = 0.0, from_zero: bool = False
) -> Space:
    """Return the space of some controls about a setting.

    Parameters
    ----------
    origin : Scenario
        Has the values of all other controls.
    from_zero : bool
        Begin where the controls that move have no effect; then the space does not depend on where
        they stand now.
    names : sequence of str
        Controls, and :data:`CAP`; a choice may be narrowed: ``diversity_method=mmr,dpp``.
    finest : float
        Weights have steps of no less than this (a control's own step is never made finer).

    Raises
    ------
    ScenarioError
        No control, one twice, too many, or one that does not exist.
    """
    axes = tuple(_axis(text, finest) for text in names)
    found = [axis.name for axis in axes]
    if not 1 <= len(axes) <= MOST_AXES or len(set(found)) < len(found):
        raise ScenarioError(
            f"Name one to {MOST_AXES} different controls to move; got {', '.join(found) or 'none'}."
        )
    if from_zero:
        off = {name: CONTROLS[name].default for name in found if name != CAP}
        caps = origin.caps if CAP not in found else _others(origin.caps)
        origin = replace(origin, caps=caps, **off)  # type: ignore[arg-type]
    return Space(replace(origin, name=""), axes)


def controls_of(text: str) -> list[str]:
    """Read controls from one text, as the command line has them.

    >>> controls_of("diversity,diversity_method=mmr/dpp")
    ['diversity', 'diversity_method=mmr,dpp']
    """
    return [part.replace("/", ",") for part in text.split(",")]


def idle_sentences(artifacts: Artifacts, space: Space) -> list[str]:
    """Say of each control that a search moves for nothing why it can do nothing here."""
    reasons = inert_reasons(artifacts, space.origin)
    if not artifacts.genre_names:
        reasons[CAP] = "No item has genres."
    labels = {CAP: "Genre cap"} | {name: control.label for name, control in CONTROLS.items()}
    moved = [axis.name for axis in space.axes if axis.name in reasons]
    return [f"{labels[name]} moves nothing here: {reasons[name]}" for name in moved]


def _others(caps: tuple[Cap, ...]) -> tuple[Cap, ...]:
    """Leave out the cap of any single genre, which is the axis's own."""
    return tuple(cap for cap in caps if cap.kind != "genre" or cap.value is not None)


def _axis(text: str, finest: float) -> Axis:
    name, is_narrowed, options = text.partition("=")
    name = name.strip()
    if name == CAP:
        return Axis(CAP, tuple(range(1, CAP_TOP + 1)), is_number=True)
    control = CONTROLS.get(name)
    if control is None:
        raise ScenarioError(
            f"No control is named {name!r}; there are {', '.join(CONTROLS)}, {CAP}."
        )
    if isinstance(control, Number):
        step = max(control.step, finest) if not control.is_whole else control.step
        count = round((control.high - control.low) / step)
        values = [round(control.low + i * step, 10) for i in range(count)] + [control.high]
        return Axis(name, tuple(int(v) if control.is_whole else v for v in values), is_number=True)
    chosen = [part.strip() for part in options.split(",")] if is_narrowed else list(control.options)
    return Axis(name, tuple(control.check(word) for word in chosen), is_number=False)
