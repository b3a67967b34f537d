"""The data sets that are here: showing, fitting, fetching and removing one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from dashboard import cached_engine, session
from dashboard.boundary import callback
from dashboard.data.fit_job import begin_fit, draw_fit, is_fit_running, show_data
from dashboard.data.own_files import sweep_uploads
from dashboard.panels import table
from dashboard.plain_text import as_markdown
from engine.data.movielens_sources import RELEASES
from engine.data.naming import spoken
from engine.errors import DataError
from engine.importing.inventory import Known, inventory, manifest_of_fit, remove

__all__ = ["draw_choice"]

KIND = {"imported": "your files", "fetched": "MovieLens", "of MovieLens": "MovieLens"}


def _frame(known: list[Known], shown: str) -> pd.DataFrame:
    rows = []
    for one in known:
        manifest = manifest_of_fit(one.name)
        counts = manifest["counts"] if manifest else {}
        rows.append(
            {
                "": "●" if one.name == shown else "",
                "name": spoken(one.name),
                "from": KIND.get(one.origin, one.origin),
                "people": counts.get("users"),
                "items": counts.get("items"),
                "interactions": counts.get("interactions"),
                "fits": len(one.fits),
            }
        )
    return pd.DataFrame(rows)


def draw_choice() -> None:
    """Draw what is here, and what can be done with it."""
    sweep_uploads()
    known = inventory()
    shown = _shown()
    if known:
        table(
            _frame(known, shown),
            key="data_here",
            alt="Data sets that are here",
            columns={
                "": st.column_config.TextColumn("", width=30, help="● = shown now"),
                "name": st.column_config.TextColumn("Data set", width="medium"),
                "from": st.column_config.TextColumn("From"),
                "people": st.column_config.NumberColumn("People", format="localized"),
                "items": st.column_config.NumberColumn("Items", format="localized"),
                "interactions": st.column_config.NumberColumn("Interactions", format="localized"),
                "fits": st.column_config.NumberColumn("Fits"),
            },
        )
    left, right = st.columns(2, gap="medium")
    with left, st.container(border=True):
        _one_that_is_here(known)
    with right, st.container(border=True):
        _movielens(known)


def _shown() -> str:
    return cached_engine.fit_key()[0] if _is_anything_fitted() else ""


def _is_anything_fitted() -> bool:
    return any(one.fits for one in inventory())


def _one_that_is_here(known: list[Known]) -> None:
    st.subheader("One that is here", anchor=False)
    if not known:
        st.caption("Nothing is here yet.")
        return
    ways = [fit for one in known for fit in (one.fits or (one.name,))]
    name = st.selectbox("Data set", ways, format_func=spoken, key="_data_name")
    base = next(one for one in known if name in (*one.fits, one.name))
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Show it on every page",
            type="primary",
            key="_data_show",
            disabled=name not in base.fits or name == _shown(),
            on_click=show_data,
            args=(name,),
        )
        can_fit = base.has_files and not is_fit_running(base.name)
        st.button(
            "Fit anew" if base.fits else "Fit",
            key="_data_fit",
            disabled=not can_fit,
            on_click=begin_fit,
            args=(base.name,),
            help="Only data sets whose files are kept here can be fitted from this page.",
        )
        with st.popover("Remove …", type="tertiary"):
            st.markdown(
                as_markdown(
                    f"This removes {spoken(base.name)}: its files here, all its fits, and every "
                    "evaluation that was kept of them. It cannot be undone. Saved scenarios stay: "
                    "they hold settings and no data."
                )
            )
            st.button("Remove it", key="_data_remove", on_click=_remove, args=(base.name,))
    draw_fit(base.name)


def _movielens(known: list[Known]) -> None:
    st.subheader("MovieLens", anchor=False)
    here = {one.name for one in known if one.has_files}
    name = st.selectbox(
        "Release",
        list(RELEASES),
        format_func=lambda one: RELEASES[one].title + (" (here)" if one in here else ""),
        key="_data_release",
    )
    st.caption(
        "Fetched from files.grouplens.org, else (100K) from a copy in a package of Python, with "
        "its checksum verified. For research; not for sale, and not to be handed on. An archive or "
        "folder of your own can be given under “Bring your own”."
    )
    st.button(
        "Fit" if name in here else "Fetch and fit",
        key="_data_fetch",
        disabled=is_fit_running(name),
        on_click=begin_fit,
        args=(name,),
    )
    draw_fit(name)


@callback
def _remove(name: str) -> None:
    if is_fit_running(name):
        raise DataError(f"{spoken(name)} is being fitted: stop that first.")
    if sum(bool(one.fits) for one in inventory() if one.name != name) == 0:
        raise DataError(
            f"{spoken(name)} is the only one that is fitted, and pages need one: fit another first."
        )
    was_shown = cached_engine.fit_key()[0].partition("@")[0] == name
    remove(name)
    st.cache_data.clear()
    st.cache_resource.clear()  # what was evaluated of it is in memory as well
    session.notice(f"{spoken(name)} is gone, with all its fits and what was kept of them.")
    if was_shown:
        session.set_data("")
