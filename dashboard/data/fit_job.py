"""A fit in a process of its own: beginning it, how far it is, and showing what it made."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial

import streamlit as st

from dashboard import jobs, session
from dashboard.arrival import known_keys
from dashboard.boundary import callback
from dashboard.data import keys
from dashboard.data.fit_process import run_engine
from dashboard.data_in_use import data_in_use
from dashboard.plain_text import as_markdown, as_message
from dashboard.tray import progress
from engine.analysis.trials import Told
from engine.artifact_format import current_name
from engine.data.home import artifact_folder, data_folder
from engine.data.naming import spoken
from engine.importing.inventory import remove
from engine.scenario import NEUTRAL

__all__ = ["begin_fit", "draw_fit", "is_fit_running", "show_data"]


@callback
def show_data(name: str) -> None:
    """Show a data set on every page; what was chosen within another is let go (from a callback)."""
    of_data = {session.KEYS["item_fairness_group"]: NEUTRAL.item_fairness_group}
    st.session_state.update(of_data)
    kept = {*session.KEYS.values(), *keys.ALL}
    for key in {*known_keys(), session.KEYS["people_attribute"]} - kept:
        st.session_state.pop(key, None)
    session.set_data("" if data_in_use(None).name == name else name)


def _key(name: str) -> tuple[str, str]:
    return ("fit", name)


def is_fit_running(name: str) -> bool:
    """Whether a data set is being fitted, or waits for it."""
    job = jobs.find(_key(name), desk=jobs.DATA_DESK)
    return job is not None and not job.is_done


@callback
def begin_fit(
    name: str, before: tuple[str, ...] = (), choices: tuple[str, ...] = (), kept: str = ""
) -> None:
    """Fit a data set in a process of its own.

    Parameters
    ----------
    name : str
    before : tuple of str
        Arguments of a command that runs first.
    choices : tuple of str
        Further arguments of ``fit``.
    kept : str
        Name under which a fit of these choices is kept; the data set's where there are none.
    """
    jobs.forget(_key(name), desk=jobs.DATA_DESK)
    work = partial(_work, name, before, choices, kept or name)
    jobs.start(_key(name), f"Fitting {spoken(name)}", work, desk=jobs.DATA_DESK)


def _work(
    name: str, before: tuple[str, ...], choices: tuple[str, ...], kept: str, tell: Told
) -> tuple[str, str]:
    """Return the name of the fit, and which one is then current there."""

    def on_step(step: str) -> None:
        job = jobs.find(_key(name), desk=jobs.DATA_DESK)
        if job is not None:
            job.step = step

    begins = 0.2 if before else 0.0
    command = ["fit", "--data", name, "--steps", *choices]
    with _as_it_was(name) if before else nullcontext():
        if before:
            run_engine(before, tell, on_step=on_step, ends=begins)
        run_engine(command, tell, on_step=on_step, begins=begins)
    return kept, str(current_name(artifact_folder(kept)))


@contextmanager
def _as_it_was(name: str) -> Iterator[None]:
    """Have a data set be as before where its import or fit fails, or is stopped.

    What was not here is taken away again, and what is replaced comes back with its files; a fit is
    published only when it is whole, so that of before is still there.
    """
    own = data_folder(name)
    beside = own.with_name(f".before-{name}")
    was_here = own.is_dir()
    shutil.rmtree(beside, ignore_errors=True)
    if was_here:
        shutil.copytree(own, beside)
    try:
        yield
    except BaseException:
        if was_here:
            shutil.rmtree(own, ignore_errors=True)
            beside.rename(own)
        elif own.is_dir():
            remove(name, uploads=False)  # they may be tried otherwise
        raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def draw_fit(name: str) -> None:
    """Draw how far the fit of a data set is, why it failed, or that it is there."""
    job = jobs.find(_key(name), desk=jobs.DATA_DESK)
    if job is None:
        return
    if not job.is_done:
        progress(job)
        st.caption("It runs in a process of its own: pages work as before, and you may leave.")
    elif job.error:
        st.error(as_message(job.error), icon=":material/error:")
    elif job.result[1] == current_name(artifact_folder(job.result[0])):
        kept = job.result[0]
        st.success(as_markdown(f"{spoken(kept)} is fitted."), icon=":material/check:")
        st.button(
            "Show it",
            key=f"_data_show_{name}",
            on_click=show_data,
            args=(kept,),
            type="primary",
        )
