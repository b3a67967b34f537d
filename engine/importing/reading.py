"""How a file is to be read, where that is not to be found out."""

from __future__ import annotations

from dataclasses import asdict, dataclass

__all__ = ["Reading"]


@dataclass(frozen=True)
class Reading:
    """How a file is to be read; what is None is looked for.

    Attributes
    ----------
    encoding : str, optional
        A key of :data:`engine.importing.encoding.ENCODINGS`.
    delimiter, quote : str, optional
        See :mod:`engine.importing.dialect`.
    header : bool, optional
        Whether the first row names the columns.
    sheet : str, optional
        Of a spreadsheet.
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header: bool | None = None
    sheet: str | None = None

    def as_dict(self) -> dict[str, str | bool]:
        """Return what is given."""
        return {name: value for name, value in asdict(self).items() if value is not None}
