"""Which files are collected: those that import PyTorch only where it is installed."""

from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parent

collect_ignore: list[str] = []
if find_spec("torch") is None:
    collect_ignore = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "engine" / "pipeline").rglob("*.py")
        if "\nimport torch\n" in path.read_text(encoding="utf-8")
    ]
