"""Caps and rules as short text for the address bar; the other controls are words or numbers.

>>> caps_to_text((Cap("genre", None, 2, 5), Cap("provider", "Acme, Ltd", 1, 3)))
'2/5,genre;1/3,provider,Acme%2C%20Ltd'
>>> rules_to_text((Rule("hide", "genre", ("Horror", "War")),))
'hide,genre,Horror|War,0.2'
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from engine.errors import ScenarioError
from engine.scenario import Cap, Rule

__all__ = ["caps_from_text", "caps_to_text", "rules_from_text", "rules_to_text"]


def _safe(value: str) -> str:
    return quote(value, safe="")


def caps_to_text(caps: tuple[Cap, ...]) -> str:
    """Write caps as ``at_most/top,kind[,value]``, joined by semicolons."""
    parts = []
    for cap in caps:
        value = "" if cap.value is None else "," + _safe(cap.value)
        parts.append(f"{cap.at_most}/{cap.top},{cap.kind}{value}")
    return ";".join(parts)


def caps_from_text(text: str) -> tuple[Cap, ...]:
    """Read what :func:`caps_to_text` wrote.

    Raises
    ------
    ScenarioError
        The text is no list of caps, or a cap is out of range.
    """
    caps = []
    for part in filter(None, text.split(";")):
        fields = part.split(",")
        at_most, slash, top = fields[0].partition("/")
        if not slash or len(fields) not in (2, 3) or not (at_most + top).isdecimal():
            raise ScenarioError(
                f"The link holds a cap that cannot be read: {part[:60]!r}; a cap looks like "
                "'2/5,genre' or '2/5,genre,Drama'."
            )
        value = unquote(fields[2]) if len(fields) == 3 else None
        caps.append(Cap(fields[1], value, int(at_most), int(top)))
    return tuple(caps)


def rules_to_text(rules: tuple[Rule, ...]) -> str:
    """Write rules as ``action,field,value|value,amount``, joined by semicolons."""
    return ";".join(
        f"{rule.action},{rule.field},{'|'.join(map(_safe, rule.values))},{rule.amount:g}"
        for rule in rules
    )


def rules_from_text(text: str) -> tuple[Rule, ...]:
    """Read what :func:`rules_to_text` wrote.

    Raises
    ------
    ScenarioError
        The text is no list of rules, or a rule is out of range.
    """
    rules = []
    for part in filter(None, text.split(";")):
        try:
            action, field, values, amount = part.split(",")
            strength = float(amount)
        except ValueError as error:
            raise ScenarioError(
                f"The link holds a rule that cannot be read: {part[:60]!r}; a rule looks like "
                "'hide,genre,Horror|War,0.2'."
            ) from error
        rules.append(Rule(action, field, tuple(map(unquote, values.split("|"))), strength))
    return tuple(rules)
