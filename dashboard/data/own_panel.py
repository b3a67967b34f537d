"""Bring your own: files, what they seem to be, what was found in them, and the fit."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import replace
from functools import partial
from pathlib import Path

import streamlit as st

from dashboard import jobs
from dashboard.boundary import callback
from dashboard.cached_data import examined, stamp_of
from dashboard.data.file_preview import draw_previews, readings
from dashboard.data.fit_job import begin_fit, draw_fit, is_fit_running
from dashboard.data.mapping_form import mapping_form
from dashboard.data.own_files import (
    FOLDERS_VARIABLE,
    MOST_MEGABYTES,
    UPLOAD_WORDS,
    allowed_files,
    keep_text,
    keep_uploads,
    sweep_uploads,
)
from dashboard.data.report_panel import draw_report, liked_choice
from dashboard.downloads import made_file
from dashboard.plain_text import as_message
from dashboard.tray import progress
from engine.analysis.trials import Told
from engine.errors import DataError
from engine.importing.imported import check_name, is_imported
from engine.importing.importer import Built
from engine.importing.inventory import UPLOADED_MAPPING, inventory
from engine.importing.mapping import Mapping
from engine.importing.mapping_file import mapping_from_json, mapping_to_json
from engine.importing.publishing import check_files

__all__ = ["draw_own"]

PATHS, TOKEN, GIVEN = "_data_paths", "_data_token", "_data_mapping_text"


def draw_own() -> None:
    """Draw the way from files to a fitted data set, as far as it has come."""
    sweep_uploads()
    _files()
    paths: tuple[str, ...] = st.session_state.get(PATHS, ())
    if not paths or not all(Path(path).is_file() for path in paths):
        return
    stamp = hashlib.sha256(repr(stamp_of(paths)).encode()).hexdigest()[:8]
    found = examined(paths, readings(stamp))
    for one in found.findings.of("problem"):
        st.error(as_message(one.sentence), icon=":material/error:")
    if not found.looks:
        return
    st.subheader("1 · What the files hold", anchor=False)
    draw_previews(found, stamp)
    st.subheader("2 · Which column is what", anchor=False)
    given = st.session_state.get(GIVEN)
    guess = mapping_from_json(given) if given else found.guess
    form_stamp = hashlib.sha256((stamp + (given or "")).encode()).hexdigest()[:8]
    mapping = mapping_form(found, form_stamp, guess)
    mapping = replace(mapping, reading=readings(stamp))
    _mapping_file(mapping)
    st.subheader("3 · What was found", anchor=False)
    built = _checked(paths, mapping)
    if built is None:
        return
    draw_report(built)
    liked = liked_choice(built, stamp)
    if liked is not None:
        mapping = replace(mapping, interactions=replace(mapping.interactions, liked=liked))
    st.subheader("4 · Import and fit", anchor=False)
    _import(paths, mapping, built)


def _files() -> None:
    left, right = st.columns(2, gap="medium")
    with left:
        st.file_uploader(
            f"Your files. {UPLOAD_WORDS}; CSV, Parquet, JSON lines, Excel, also in gzip or zip.",
            accept_multiple_files=True,
            key="_data_uploads",
            max_upload_size=MOST_MEGABYTES,
            on_change=_take_uploads,
        )
    with right:
        allowed = allowed_files()
        if allowed:
            st.multiselect(
                "Or files on the server",
                list(allowed),
                key="_data_allowed",
                on_change=_take_allowed,
            )
        else:
            st.caption(
                "Files on the server can be chosen here where whoever runs it allows folders: "
                f"`{FOLDERS_VARIABLE}=/path/to/folder make run`."
            )
        st.caption(
            "Interactions are all that is needed: who met which item. What they are of is found "
            "out and can be changed below; nothing is kept before you import it. Uploads are "
            "removed after a day."
        )


@callback
def _take_uploads() -> None:
    uploads = st.session_state.get("_data_uploads") or []
    token = st.session_state.setdefault(TOKEN, secrets.token_hex(8))
    st.session_state[PATHS] = tuple(map(str, keep_uploads(uploads, token)))
    st.session_state.pop(GIVEN, None)


@callback
def _take_allowed() -> None:
    allowed = allowed_files()
    chosen = st.session_state.get("_data_allowed") or []
    st.session_state[PATHS] = tuple(str(allowed[name]) for name in chosen if name in allowed)
    st.session_state.pop(GIVEN, None)


def _mapping_file(mapping: Mapping) -> None:
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        made_file(
            "Mapping (JSON)",
            mapping_to_json(mapping),
            "mapping.json",
            help_="`python -m engine import FILES --mapping mapping.json --name …` repeats this.",
        )
        with st.popover("Open a mapping", type="tertiary"):
            st.file_uploader(
                "Mapping (JSON)",
                type="json",
                key="_data_mapping",
                max_upload_size=1,
                on_change=_take_mapping,
            )


@callback
def _take_mapping() -> None:
    upload = st.session_state.get("_data_mapping")
    if upload is not None:
        text = upload.getvalue()
        mapping_from_json(text, upload.name)  # refused before anything is changed
        st.session_state[GIVEN] = text.decode("utf-8-sig")


def _checked(paths: tuple[str, ...], mapping: Mapping) -> Built | None:
    """Check in the background, and again whenever files or mapping are others."""
    key = ("check", stamp_of(paths), mapping_to_json(mapping))
    job = jobs.start(key, "Checking the files", partial(_check, paths, mapping), desk="checks")
    if not job.is_done:
        progress(job)
        return None
    if job.error:
        st.error(as_message(job.error), icon=":material/error:")
        return None
    return job.result


def _check(paths: tuple[str, ...], mapping: Mapping, tell: Told) -> Built:
    built, _ = check_files(
        [Path(path) for path in paths], mapping, tell=lambda _step, share: tell(share)
    )
    return built


def _import(paths: tuple[str, ...], mapping: Mapping, built: Built) -> None:
    left, middle, right = st.columns([2, 3, 3], gap="small")
    first = re.sub(r"[^a-z0-9_-]+", "-", Path(paths[0]).name.split(".")[0].lower()).strip("-_")
    name = left.text_input(
        "Name", first or "mine", key="_data_own_name", help="Small letters, digits, dashes."
    )
    title = middle.text_input("Title", placeholder=name, key="_data_own_title") or name
    licence = right.text_input("Licence, to be shown beside it", "", key="_data_own_licence")
    replaces = _can_be_replaced(name) and st.checkbox(
        "Import it again, in place of what is here",
        key=f"_data_replace_{name}",
        help="Its fit stays until the new one is there; where anything fails, all stays as it is.",
    )
    problem = _problem_of_name(name, replaces=replaces)
    if problem:
        st.error(as_message(problem), icon=":material/error:")
    st.button(
        "Import and fit",
        type="primary",
        key="_data_import",
        disabled=bool(problem)
        or not built.findings.is_usable
        or is_fit_running(name)
        or (_is_taken(name) and not replaces),
        on_click=_begin,
        args=(paths, replace(mapping, title=title, licence=licence), name, replaces),
    )
    draw_fit(name)


def _can_be_replaced(name: str) -> bool:
    """Whether a data set of that name is one that was imported, and no fit of it is running."""
    return is_imported(name) and not is_fit_running(name)


def _problem_of_name(name: str, *, replaces: bool) -> str:
    try:
        check_name(name)
    except DataError as error:
        return str(error)
    job = jobs.find(("fit", name), desk=jobs.DATA_DESK)
    is_ours = job is not None and not job.error
    if not _is_taken(name) or replaces or is_ours:
        return ""
    again = "import it again in its place, " if is_imported(name) else ""
    return (
        f"There is a data set {name} already: give another name, {again}or remove that one first."
    )


def _is_taken(name: str) -> bool:
    return any(one.name == name for one in inventory())


@callback
def _begin(paths: tuple[str, ...], mapping: Mapping, name: str, replaces: bool) -> None:
    job = jobs.find(("fit", name), desk=jobs.DATA_DESK)
    if not replaces and job is not None and not job.error:
        raise DataError(f"{name} is being fitted, or is fitted already.")
    token = st.session_state.setdefault(TOKEN, secrets.token_hex(8))
    path = keep_text(mapping_to_json(mapping), token, f"{name}{UPLOADED_MAPPING}")
    command = ("import", *paths, "--name", name, "--mapping", str(path), "--steps")
    begin_fit(name, command)
