"""Which files are collected: those that import PyTorch only where it is installed."""

from importlib.util import find_spec
from pathlib import Path

ENGINE = Path(__file__).parent / "engine" / "pipeline"

collect_ignore: list[str] = []
if find_spec("torch") is None:
    collect_ignore = [
        str(path.relative_to(Path(__file__).parent))
        for path in ENGINE.rglob("*.py")
        if "\nimport torch\n" in path.read_text(encoding="utf-8")
    ]
