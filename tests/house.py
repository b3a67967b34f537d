"""How large the house is, and what in it nothing uses: ``make house``."""

from __future__ import annotations

import ast
from collections import Counter
from functools import cache
from pathlib import Path
from statistics import median

__all__ = ["LONGEST", "circles", "imports", "lines", "modules", "reached", "starts"]

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 250


@cache
def modules() -> dict[str, Path]:
    """Dotted name → file, of the engine, the dashboard and the pages."""
    found = {}
    for top in ("engine", "dashboard", "pages"):
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def lines(path: Path) -> int:
    """Count the lines of a file."""
    return len(path.read_text(encoding="utf-8").splitlines())


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _named(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module:
        return [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and "." in node.value:
        return [node.value]  # imported by its name when it is first asked for
    return []


def _walk(tree: ast.AST, *, at_import: bool) -> list[ast.AST]:
    """List nodes; only those that run when the module is imported, where asked for."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        if _is_for_types(node):
            continue
        if at_import and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        found.append(node)
        waiting.extend(ast.iter_child_nodes(node))
    return found


@cache
def imports(name: str, *, at_import: bool = False) -> frozenset[str]:
    """Return the modules of ours that one names; without those in functions, if asked for."""
    tree = ast.parse(modules()[name].read_text(encoding="utf-8"))
    named = [one for node in _walk(tree, at_import=at_import) for one in _named(node)]
    return frozenset(one for one in named if one in modules() and one != name)


REGISTRIES = {
    "engine.pipeline.retrieval.registry": "SOURCES",
    "engine.pipeline.ranking.registry": "RECORD",
    "engine.pipeline.second.registry": "RECORD",
}
"""Module that finds the modules beside it which begin a line with this name and a ``=``."""


def registered(name: str) -> set[str]:
    """Return the modules that a registry finds by what they define."""
    if name not in REGISTRIES:
        return set()
    line, beside = f"\n{REGISTRIES[name]} = ", name.rpartition(".")[0]
    return {
        one
        for one, path in modules().items()
        if one.rpartition(".")[0] == beside and line in path.read_text(encoding="utf-8")
    }


def starts() -> set[str]:
    """Where people come in: the command line, the public names, the app and its pages."""
    doors = {"engine", "engine.__main__", "dashboard.app", "dashboard.server"}
    return {name for name in modules() if name in doors or name.startswith("pages.")}


def reached() -> set[str]:
    """Return all modules that a page or a command comes to."""
    found: set[str] = set()
    waiting = starts()
    while waiting:
        name = waiting.pop()
        found.add(name)
        parents = {name.rsplit(".", i)[0] for i in range(1, name.count(".") + 1)}
        waiting |= ({*imports(name), *registered(name), *parents} & set(modules())) - found
    return found


def circles(top: str) -> list[tuple[str, ...]]:
    """Return groups of modules of a package that import each other when they are imported.

    A package that gathers names from its modules is no part of a circle with them.
    """
    names = [name for name in modules() if name.split(".")[0] == top]
    is_package = {name for name in names if modules()[name].stem == "__init__"}
    goes = {name: imports(name, at_import=True) - is_package for name in names}
    far = {name: _closure(name, goes) for name in names}
    groups = {
        tuple(sorted(other for other in far[name] if name in far[other]))
        for name in names
        if name in far[name]
    }
    return sorted(groups)


def _closure(name: str, goes: dict[str, frozenset[str]]) -> set[str]:
    found: set[str] = set()
    waiting = set(goes[name])
    while waiting:
        one = waiting.pop()
        found.add(one)
        waiting |= set(goes.get(one, ())) - found
    return found


def main() -> None:
    """Print the counts."""
    importers = Counter(one for name in modules() for one in imports(name))
    print(f"{'package':12}{'files':>7}{'lines':>8}{'median':>8}{'one importer':>14}{'> 250':>7}")
    for top in ("engine", "dashboard", "pages"):
        own = {name: lines(path) for name, path in modules().items() if name.split(".")[0] == top}
        single = sum(importers[name] == 1 for name in own if modules()[name].stem != "__init__")
        long = sum(n > LONGEST for n in own.values())
        print(
            f"{top:12}{len(own):>7}{sum(own.values()):>8}{median(own.values()):>8.0f}"
            f"{single:>14}{long:>7}"
        )
    for name, path in modules().items():
        if lines(path) > LONGEST:
            print(f"over {LONGEST} lines: {name} ({lines(path)})")
    for name in sorted(set(modules()) - reached()):
        print(f"reached by no page or command: {name} ({lines(modules()[name])} lines)")
    for circle in circles("engine"):
        print(f"import each other: {', '.join(circle)}")


if __name__ == "__main__":
    main()
