"""A scenario as the lines of Python that give its lists."""

from __future__ import annotations

from dataclasses import fields

from engine.scenario import Scenario

__all__ = ["python_code"]


def python_code(scenario: Scenario, data: str) -> str:
    """Return a program that prints the lists of a scenario; what is at its default is left out.

    >>> print(python_code(Scenario(diversity=0.3), "simulated"))
    from engine import Cap, Rule, Scenario, Studio
    <BLANKLINE>
    scenario = Scenario(
        diversity=0.3,
    )
    studio = Studio.open('simulated')
    print(studio.lists(scenario))
    <BLANKLINE>
    """
    plain = Scenario()
    told = [
        f"    {field.name}={getattr(scenario, field.name)!r},"
        for field in fields(Scenario)
        if getattr(scenario, field.name) != getattr(plain, field.name)
    ]
    made = ["scenario = Scenario(", *told, ")"] if told else ["scenario = Scenario()"]
    return "\n".join(
        [
            "from engine import Cap, Rule, Scenario, Studio",
            "",
            *made,
            f"studio = Studio.open({data!r})",
            "print(studio.lists(scenario))",
            "",
        ]
    )
