"""The scripts of what our pages are made of, asked for by the first answer.

Streamlit's front end asks for the script of a chart, a table or a slider when the first one is to
be drawn: a file of some kilobytes, then what it is made of, and for charts 1.4 MB, all after the
server has run the page. Named in the page's head they come while that runs. They are asked for at
low priority, after what draws the frame.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from streamlit import file_util

__all__ = ["PARTS", "early_scripts", "files_of"]

PARTS = ("Slider", "Selectbox", "Button", "ButtonGroup", "Metric", "DataFrame", "PlotlyChart")
"""What stands on our pages, as Streamlit's front end names the script of each."""

IMPORTED = re.compile(r"""(?:from|import)\s*["']\./([\w.-]+\.js)["']""")
"""How a script names another that it cannot begin without."""


BEGINNING = 20_000
"""Characters of a script within which it names those."""


def early_scripts(page: str) -> str:
    """Return the lines for the head of ``page``, Streamlit's own HTML, of what it does not name."""
    lines = '<link rel="modulepreload" crossorigin fetchpriority="low" href="./static/js/{}">'
    return "".join(lines.format(name) for name in _files() if name not in page)


@lru_cache(maxsize=1)
def _files() -> list[str]:
    return files_of(PARTS, Path(file_util.get_static_dir()) / "static" / "js")


def files_of(parts: tuple[str, ...], folder: Path) -> list[str]:
    """Return the files of these parts and of what they import, each once, imports first."""
    found: dict[str, None] = {}
    for part in parts:
        for file in sorted(folder.glob(f"{part}.*.js")):
            _add(file.name, folder, found, ())
    return list(found)


def _add(name: str, folder: Path, found: dict[str, None], above: tuple[str, ...]) -> None:
    if name in found or name in above or not (folder / name).is_file():
        return
    with (folder / name).open(encoding="utf-8") as script:
        beginning = script.read(BEGINNING)
    for other in IMPORTED.findall(beginning):
        _add(other, folder, found, (*above, name))
    found[name] = None
