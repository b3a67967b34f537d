"""What an import found: problems, rows left out, values changed, and what looks odd."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from engine.data.wording import counted

__all__ = ["KINDS", "Finding", "Findings", "Kind"]

Kind = Literal["problem", "left out", "changed", "odd"]

KINDS: dict[Kind, str] = {
    "problem": "Has to be mended before this can be imported.",
    "left out": "Rows and columns that are not taken.",
    "changed": "Taken, but read otherwise than it is written.",
    "odd": "Taken as it is; worth a look.",
}
"""Kind → what it means, the gravest first."""

MOST_EXAMPLES = 20


@dataclass(frozen=True)
class Finding:
    """One thing that was found, in all rows that have it.

    Attributes
    ----------
    kind : str
        A key of :data:`KINDS`.
    file, column : str
        Where; empty for what concerns no single file or column.
    text : str
        A sentence without its full stop: what, what was expected, what to do.
    n_rows : int
        Rows that have it; 0 where it is not about rows.
    examples : tuple of str
        At most 20, as they are written in the file.
    """

    kind: Kind
    file: str
    column: str
    text: str
    n_rows: int = 0
    examples: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """File, column, count and what it is, for people."""
        place = f"{self.file}, column `{self.column}`" if self.column else self.file
        rows = counted(self.n_rows, "row") if self.n_rows else ""
        where = ": ".join(part for part in (place, rows) if part)
        shown = ", ".join(f"`{one[:60]}`" for one in self.examples[:3])
        such = f" (such as {shown})" if shown else ""
        return f"{where}: {self.text}{such}." if where else f"{self.text}{such}."


@dataclass
class Findings:
    """Collects what is found, so that everything is said at once."""

    found: list[Finding] = field(default_factory=list)

    def __iter__(self) -> Iterator[Finding]:
        """Go through them, the gravest kind first."""
        order = list(KINDS)
        return iter(sorted(self.found, key=lambda one: order.index(one.kind)))

    def __len__(self) -> int:
        """Count them."""
        return len(self.found)

    def add(
        self,
        kind: Kind,
        text: str,
        *,
        file: str = "",
        column: str = "",
        n_rows: int = 0,
        examples: Iterable[object] = (),
    ) -> None:
        """Add one."""
        shown = tuple(str(one)[:200] for one in examples)[:MOST_EXAMPLES]
        self.found.append(Finding(kind, file, column, text.rstrip("."), int(n_rows), shown))

    def name_nobody(self, ids: Collection[str]) -> None:
        """Take away the examples that may hold the id of a person, or the whole row of one.

        Parameters
        ----------
        ids : collection of str
            Columns of people's ids. What is of no column at all, such as a line that is no row of
            the table, may hold anything.
        """
        self.found = [
            one if one.column and one.column not in ids else replace(one, examples=())
            for one in self.found
        ]

    def of(self, kind: Kind) -> list[Finding]:
        """Return those of one kind."""
        return [one for one in self.found if one.kind == kind]

    @property
    def is_usable(self) -> bool:
        """Whether nothing has to be mended first."""
        return not self.of("problem")

    def as_json(self) -> list[dict[str, Any]]:
        """Return them for a file."""
        return [{**asdict(one), "examples": list(one.examples)} for one in self]

    @classmethod
    def from_json(cls, given: Iterable[Mapping[str, Any]]) -> Findings:
        """Read what :meth:`as_json` wrote."""
        return cls([Finding(**{**one, "examples": tuple(one["examples"])}) for one in given])
