"""The answer to a goal, in words and as plain values: the same on the page and on the terminal."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import special

from engine.analysis.constraints import Part
from engine.analysis.goal import Offer, Solution
from engine.analysis.margins import ROUNDING, Margins
from engine.metrics.registry import METRICS

__all__ = ["answer_lines", "answer_to_json", "limit_words", "people_needed", "reached_words"]


def answer_lines(found: Solution) -> list[str]:
    """Say what was found: a sentence a line."""
    what = f"{'Most' if found.sign > 0 else 'Least'} {found.aim.words}"
    where = "all people" if found.confirm == "everyone" else "people that the search did not see"
    lines = [
        f"{what}, {found.n_settings} settings searched on {found.n_searched:,} people; offers "
        f"tested on {found.n_confirmed:,} {where}, limits together at "
        f"{100 * found.confidence:g} % confidence."
    ]
    if found.shown:
        lines += ["", "Shown to keep every limit:", *_offer_lines(found, found.shown, "shown")]
    if found.estimated:
        more = "More, but" if found.shown else "No setting is shown to keep every limit;"
        told = _offer_lines(found, found.estimated, "kept by estimate")
        lines += ["", f"{more} by estimate only:", *told]
    if not found.shown and not found.estimated:
        lines += ["", "No setting tried keeps every limit.", *_why_not(found)]
        if found.nearest:
            lines += [
                "",
                "Nearest to keeping them:",
                *_offer_lines(found, found.nearest, "kept by estimate"),
            ]
    if found.binding:
        lines.append(f"What binds: {found.binding.words}.")
    return [*lines, *found.notes]


def _why_not(found: Solution) -> list[str]:
    if not found.shortfalls:
        return ["No single limit is the only one in the way; loosen two or more."]
    return [
        f"{short.part.words}: would have to give way to {limit_words(short.part, short.needed)}, "
        "the others kept."
        for short in found.shortfalls
    ]


def limit_words(part: Part, limit: float) -> str:
    """Say a limit's value: ``3.2 % lost``, ``14 %``, ``0.61``."""
    one = part.constraint
    if one.kind == "loss":
        return f"{100 * limit:.2g} % lost"
    return f"{100 * limit:.3g} %" if METRICS[one.metric].as_percent else f"{limit:.3g}"


def _offer_lines(found: Solution, offer: Offer, kept: str) -> list[str]:
    """Describe an offer; ``kept`` is the word for a limit whose bound is on the right side."""
    reached = offer.confirmed.reached
    lines = [
        f"  {found.aim.words} {reached.value[0]:.4f} (change {reached.change[0]:+.4f} ± "
        f"{1.96 * reached.change_error[0]:.4f}, n = {reached.n[0]:,}; the search had promised "
        f"{offer.optimism:+.4f} more)"
    ]
    margins = offer.confirmed.margins
    sure = margins.certain(found.confidence)
    for at, part in enumerate(found.parts):
        room = reached_words(part, margins, margins.margin[at], at)
        least = reached_words(part, margins, sure[at], at)
        need = people_needed(margins, at, found.confidence, found.n_confirmed)
        told = f"; about {need:,} people would be needed to show it" if need else ""
        verdict = kept if sure[at] >= -ROUNDING else "cannot tell"
        if not margins.margin[at] >= -ROUNDING:
            verdict = "broken"
        lines.append(f"  {part.words}: {room} (at worst {least}): {verdict}{told}")
    return lines


def reached_words(part: Part, margins: Margins, margin: float, at: int) -> str:
    """Say where the value stands if it has this margin to its limit."""
    one = part.constraint
    before = margins.before[at]
    if one.kind == "loss":
        if not before or np.isnan(margin):
            return "undefined"
        lost = round(100 * (one.limit - float(margin) / before), 2)
        return f"{abs(lost):.2f} % {'gained' if lost < 0 else 'lost'}"
    value = one.limit + margin if one.kind == "at_least" else one.limit - margin
    return limit_words(part, value)


def people_needed(margins: Margins, at: int, confidence: float, n: int) -> int | None:
    """Return how many people would show a limit that is kept by estimate, four times in five.

    Rounded up to two digits: it rests on estimates.

    ``None`` where it is shown, or where the estimate itself breaks it.
    """
    margin, error = margins.margin[at], margins.error[at]
    if not margin > 0 or margins.certain(confidence)[at] >= 0:
        return None
    z = float(special.ndtri(1 - (1 - confidence) / margins.n_judged) + special.ndtri(0.8))
    needed = n * (z * error / margin) ** 2
    step = 10.0 ** max(0, int(np.floor(np.log10(needed))) - 1)
    return int(np.ceil(needed / step) * step)


def answer_to_json(found: Solution) -> dict[str, Any]:
    """Return the answer as plain values; undefined numbers are ``None``."""
    return {
        "aim": str(found.aim),
        "direction": "most" if found.sign > 0 else "least",
        "limits": [str(part.constraint) for part in found.parts],
        "confidence": found.confidence,
        "confirmed_on": found.confirm,
        "n_settings": found.n_settings,
        "n_searched": found.n_searched,
        "n_confirmed": found.n_confirmed,
        "fit": found.fit_id,
        "shown": _offer_json(found, found.shown),
        "estimated": _offer_json(found, found.estimated),
        "binding": found.binding.words if found.binding else None,
        "nearest": _offer_json(found, found.nearest),
        "shortfalls": [
            {"limit": str(short.part.constraint), "needed": _plain(short.needed)}
            for short in found.shortfalls
        ],
        "notes": list(found.notes),
    }


def _offer_json(found: Solution, offer: Offer | None) -> dict[str, Any] | None:
    if offer is None:
        return None
    margins, reached = offer.confirmed.margins, offer.confirmed.reached
    sure = margins.certain(found.confidence)
    return {
        "scenario": offer.scenario.to_dict(),
        "value": _plain(reached.value[0]),
        "change": _plain(reached.change[0]),
        "change_error": _plain(reached.change_error[0]),
        "n": int(reached.n[0]),
        "optimism": _plain(offer.optimism),
        "limits": [
            {
                "limit": str(part.constraint),
                "value": _plain(margins.value[at]),
                "before": _plain(margins.before[at]),
                "margin": _plain(margins.margin[at]),
                "margin_at_least": _plain(sure[at]),
                "is_shown": offer is found.shown,
            }
            for at, part in enumerate(found.parts)
        ],
    }


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
