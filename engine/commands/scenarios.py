"""``python -m engine scenarios``: what is saved, by whom and why; save, restore, promote."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from engine.commands.outputs import Output

if TYPE_CHECKING:
    from engine.saved.records import Author, Saved
    from engine.saved.store import ScenarioStore

__all__ = ["HELP", "NAME", "add_arguments", "run"]

NAME = "scenarios"
HELP = "saved scenarios: list, save, show, history, delete, restore, challenge, promote, rollback"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments of ``scenarios``."""
    parser.add_argument("action", choices=tuple(ACTIONS), help="what to do")
    parser.add_argument("--data", required=True, help="a data set's name, or a folder or archive")
    parser.add_argument("--name", default="", help="the saved scenario")
    parser.add_argument("--scenario", type=Path, help="save: the scenario file")
    parser.add_argument("--note", default="", help="save: what is to be known of it")
    parser.add_argument("--revision", type=int, help="restore: the revision to go back to")
    parser.add_argument("--out", type=Output, help="show: write the scenario file there")
    parser.add_argument("--who", default="", help="who does it, for the history")
    parser.add_argument("--why", default="", help="why, for the history")
    parser.add_argument("--store", type=Path, help="another store than the one next to the fits")


def run(arguments: argparse.Namespace) -> int:
    """Do what was asked, and print what stands then."""
    from engine.data.naming import name_of
    from engine.saved.records import Author
    from engine.saved.store import ScenarioStore, store_path

    store = ScenarioStore(arguments.store or store_path())
    by = Author(arguments.who, arguments.why)
    arguments.data = name_of(arguments.data)
    ACTIONS[arguments.action](store, arguments, by)
    return 0


def _list(store: ScenarioStore, arguments: argparse.Namespace, _by: Author) -> None:
    from engine.saved.standing import standing

    stands = standing(store, arguments.data)
    roles = {
        one.id: role
        for role, one in (("challenger", stands.challenger), ("champion", stands.champion))
        if one is not None
    }
    known = store.all(arguments.data)
    for one in known:
        role = f" [{roles[one.id]}]" if one.id in roles else ""
        note = f": {one.note}" if one.note else ""
        print(f"{one.name}{role}, revision {one.revision}, {one.at}, {one.who or 'somebody'}{note}")
    for one in store.all(arguments.data, deleted=True):
        print(f"{one.name}, deleted {one.at} by {one.who or 'somebody'}")
    if not known:
        print(f"No scenario of {arguments.data} is saved in {store.path}.")


def _save(store: ScenarioStore, arguments: argparse.Namespace, by: Author) -> None:
    from engine.commands.inputs import read_scenario
    from engine.saved.errors import StoreError

    if arguments.scenario is None:
        raise StoreError("Nothing to save: give the scenario file with --scenario.")
    scenario = read_scenario(arguments.scenario)
    name = arguments.name or scenario.name or arguments.scenario.stem
    known = [one for one in store.all(arguments.data) if one.name == name]
    note = arguments.note or None
    if known:
        store.change(known[0], scenario=scenario, note=note, by=by)
    else:
        store.save(scenario, data=arguments.data, name=name, note=arguments.note, by=by)
    _list(store, arguments, by)


def _show(store: ScenarioStore, arguments: argparse.Namespace, _by: Author) -> None:
    text = store.named(arguments.data, arguments.name).scenario.to_json()
    if arguments.out:
        arguments.out.write(text)
    else:
        print(text, end="")


def _history(store: ScenarioStore, arguments: argparse.Namespace, _by: Author) -> None:
    from engine.saved.records import history_lines
    from engine.saved.standing import standing

    if arguments.name:
        one = _deleted_too(store, arguments)
        print("\n".join(history_lines(store.history(one.id))))
    else:
        steps = standing(store, arguments.data).steps
        print("\n".join(history_lines(steps)) or f"Nothing was promoted for {arguments.data}.")


def _delete(store: ScenarioStore, arguments: argparse.Namespace, by: Author) -> None:
    store.delete(store.named(arguments.data, arguments.name), by=by)
    _list(store, arguments, by)


def _restore(store: ScenarioStore, arguments: argparse.Namespace, by: Author) -> None:
    one = _deleted_too(store, arguments)
    back = one.revision - 1 if one.is_deleted else one.revision
    store.restore(one, arguments.revision or back, by=by)
    _list(store, arguments, by)


def _deleted_too(store: ScenarioStore, arguments: argparse.Namespace) -> Saved:
    """Return the scenario of that name, or the last deleted one."""
    deleted = store.all(arguments.data, deleted=True)
    found = [one for one in deleted if arguments.name in (one.name, one.id)]
    standing = [one for one in store.all(arguments.data) if one.name == arguments.name]
    return found[-1] if found and not standing else store.named(arguments.data, arguments.name)


def _challenge(store: ScenarioStore, arguments: argparse.Namespace, by: Author) -> None:
    from engine.saved.standing import challenge, standing

    one = store.named(arguments.data, arguments.name)
    challenge(store, standing(store, arguments.data), one, by=by)
    _list(store, arguments, by)


def _promote(store: ScenarioStore, arguments: argparse.Namespace, by: Author) -> None:
    from engine.saved.standing import promote, standing

    one = store.named(arguments.data, arguments.name)
    promote(store, standing(store, arguments.data), one, by=by)
    _list(store, arguments, by)


def _roll_back(store: ScenarioStore, arguments: argparse.Namespace, by: Author) -> None:
    from engine.saved.standing import roll_back, standing

    roll_back(store, standing(store, arguments.data), arguments.data, by=by)
    _list(store, arguments, by)


ACTIONS: dict[str, Callable[[ScenarioStore, argparse.Namespace, Author], None]] = {
    "list": _list,
    "save": _save,
    "show": _show,
    "history": _history,
    "delete": _delete,
    "restore": _restore,
    "challenge": _challenge,
    "promote": _promote,
    "rollback": _roll_back,
}
