"""Other choices of the model, fitted beside this fit in a process of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from dashboard.boundary import callback
from dashboard.cached_engine import fit_key
from dashboard.data.fit_job import begin_fit, draw_fit, is_fit_running
from dashboard.data.own_files import keep_text
from dashboard.glossary_link import with_glossary
from dashboard.pipeline.group_panel import group_model_choice
from dashboard.plain_text import as_markdown
from engine.artifacts import Artifacts
from engine.commands.fit_options import arguments_of, kept_as
from engine.data.naming import HOW, REPEATS, spoken, usual_name
from engine.data.split import ONE_MOMENT
from engine.fit_config import FitConfig
from engine.formats import percent
from engine.importing.inventory import inventory
from engine.pipeline.filtering.item_filters import filters_of
from engine.pipeline.neural.extra import MISSING, has_torch
from engine.pipeline.ranking.candidate_features import (
    ALWAYS,
    FAMILY_WORDS,
    FEATURE_FAMILIES,
    USUAL_FAMILIES,
)
from engine.pipeline.ranking.registry import ALONE, RETRIEVED_ORDER
from engine.pipeline.ranking.stability import STAYS
from engine.pipeline.retrieval.met_again import AGAIN
from engine.pipeline.retrieval.registry import MOST_PROPOSING, SOURCES, depths_of, not_installed
from engine.pipeline.retrieval.source_config import SourceConfig
from engine.pipeline.second.registry import SECONDS

__all__ = ["chosen_fit", "draw_model_choices", "fit_arguments", "source_words"]

WITH, BY, THEN, KEEP, READ = "_fit_with", "_fit_by", "_fit_then", "_fit_keep", "_fit_read"
STAY = "_fit_stay"
OPTIONS = {
    name: record.label
    for name, record in SOURCES.items()
    if record.is_option and name not in AGAIN  # these come with the data's repeats
}
RANKERS = {name: record.label for name, record in ALONE.items() if name != RETRIEVED_ORDER.name}
SECOND = {"": "none", **{name: record.label for name, record in SECONDS.items()}}
OPEN = [name for name in FEATURE_FAMILIES if name not in (*ALWAYS, "again")]
MOST_OPTIONS = MOST_PROPOSING - sum(depth > 0 for depth in depths_of(SourceConfig()).values())
"""Of more than so many, with the usual ones, not all could propose."""
MOST_KEPT = 40


def chosen_fit(
    artifacts: Artifacts,
    sources: list[str],
    rankers: list[str],
    places: int,
    second: str = "",
    features: Sequence[str] = USUAL_FAMILIES,
    stay: float = 0.0,
    for_groups: str = "",
) -> FitConfig:
    """Return the settings of a fit with other sources and rankers, and all else as in this one.

    Parameters
    ----------
    artifacts : Artifacts
    sources : list of str
        Optional ones.
    rankers : list of str
        Those to compare; the usual ones where there are none.
    places : int
        Places among the candidates that each of the sources keeps for its best.
    second : str
        The second stage; empty for none.
    features : sequence of str
        Families that the ranker is given, besides those that no fit is without.
    stay : float
        How much the ranker of this fit counts against the labels.
    for_groups : str
        Attribute whose groups may get rankers of their own; empty for none.
    """
    manifest = artifacts.manifest
    split = manifest["split"]["name"]
    quotas = tuple((name, places) for name in sources) if places else ()
    return FitConfig(
        split=split if split == ONE_MOMENT else FitConfig.split,
        again=_repeats_asked(artifacts),
        without=tuple(manifest["without"]),
        rankers=tuple(name for name in RANKERS if name in rankers) or FitConfig.rankers,
        second=second,
        sources=SourceConfig(options=tuple(sources), quotas=quotas),
        features=tuple(name for name in FEATURE_FAMILIES if name in (*ALWAYS, *features)),
        stay=stay,
        for_groups=for_groups,
        finished_from=manifest["config"].get("finished_from"),
        filters=filters_of(manifest["config"].get("filters", {})),
    )


def _repeats_asked(artifacts: Artifacts) -> bool | None:
    """Return whether repeats are kept, where the fit was asked for it and not the data."""
    is_asked = f"{HOW}{REPEATS}-" in artifacts.folder.parent.name
    return artifacts.offers_again if is_asked else None


def fit_arguments(artifacts: Artifacts, config: FitConfig, blocked: Path | None) -> tuple[str, ...]:
    """Return the arguments of the command that fits: what is liked and the seed stay as here."""
    liked, seed = artifacts.manifest["liked_threshold"], artifacts.manifest["config"].get("seed", 0)
    return (
        *arguments_of(config, blocked=blocked),
        f"--liked={float(liked)!r}",
        f"--seed={int(seed)}",
        *((f"--towards={fit_key()[0]}",) if config.stay else ()),
    )


@callback
def _begin(artifacts: Artifacts, base: str, config: FitConfig) -> None:
    ids = "\n".join(config.filters.blocked)
    digest = hashlib.sha256(ids.encode()).hexdigest()[:16]
    blocked = keep_text(ids, digest, "blocked.txt") if ids else None
    begin_fit(base, (), fit_arguments(artifacts, config, blocked), kept_as(base, config))


NOT_HERE = " (needs PyTorch, which is not here)"
NO_MODEL = " (needs the sentence model, which is not here)"


def source_words(name: str) -> str:
    """Return the words for an optional source, and what it lacks here."""
    if not not_installed(name):
        return OPTIONS[name]
    return OPTIONS[name] + (NO_MODEL if SOURCES[name].is_text else NOT_HERE)


def _lacking(sources: Sequence[str], rankers: Sequence[str]) -> dict[str, list[str]]:
    """Group what cannot be learned here by what is not installed, in a sentence."""
    found: dict[str, list[str]] = {}
    for name in sources:
        if missing := not_installed(name):
            found.setdefault(missing, []).append(OPTIONS[name])
    for name in rankers:
        if ALONE[name].is_neural and not has_torch():
            found.setdefault(MISSING, []).append(RANKERS[name])
    return found


def _ranker_words(name: str) -> str:
    return RANKERS[name] + (NOT_HERE if ALONE[name].is_neural and not has_torch() else "")


def draw_model_choices(artifacts: Artifacts) -> None:
    """Draw the choices, the button that fits, and how far a fit is."""
    base = usual_name(fit_key()[0])
    st.markdown("**Another fit of these data**")
    if not any(one.name == base and one.has_files for one in inventory()):
        st.caption("The files of these data are not kept here, so they cannot be fitted anew.")
        return
    left, middle, later, right = st.columns([3, 3, 2, 2], gap="medium", vertical_alignment="bottom")
    sources = left.multiselect(
        "Sources besides the usual ones",
        list(OPTIONS),
        format_func=source_words,
        key=WITH,
        max_selections=MOST_OPTIONS - len(AGAIN) * artifacts.offers_again,
    )
    rankers = middle.multiselect(
        "Rankers to compare",
        list(RANKERS),
        default=[name for name in FitConfig.rankers if name in RANKERS],
        format_func=_ranker_words,
        key=BY,
        help="The best on people whose labels it did not see serves, or a blend of the two best.",
    )
    second = later.selectbox(
        "Second stage",
        list(SECOND),
        format_func=SECOND.__getitem__,
        key=THEN,
        disabled=not has_torch(),
        help=f"Looks at whole lists behind the ranker, and serves where that does better on people "
        f"whose labels it did not see.{'' if has_torch() else f' {MISSING}.'}",
    )
    places = right.number_input(
        "Places kept for each",
        0,
        MOST_KEPT,
        key=KEEP,
        disabled=not sources,
        help=with_glossary(
            "So many of the best of each source named on the left are candidates in any case."
        ),
    )
    features = st.multiselect(
        "What the ranker is given",
        OPEN,
        default=[name for name in artifacts.manifest["recipe"]["features"] if name in OPEN],
        format_func=FAMILY_WORDS.__getitem__,
        key=READ,
        help="Without the groups no attribute of people is read, neither by the ranker nor for "
        "somebody new.",
    )
    second = second if has_torch() else ""
    stay = st.select_slider(
        "Stay near the ranker in use",
        STAYS,
        key=STAY,
        format_func=percent,
        help="How much its word counts against what was liked: lists change less from one fit to "
        "the next. What each weight costs is then in section Learning.",
    )
    groups = group_model_choice(artifacts, features)
    config = chosen_fit(artifacts, sources, rankers, int(places), second, features, stay, groups)
    kept = kept_as(base, config)
    lacking = _lacking(sources, rankers)
    st.button(
        "Fit",
        key="_fit_choices",
        type="primary",
        disabled=is_fit_running(base) or bool(lacking),
        help=as_markdown(". ".join([*lacking, ""]).strip()) if lacking else None,
        on_click=_begin,
        args=(artifacts, base, config),
    )
    for missing, names in lacking.items():
        st.caption(as_markdown(f"{', '.join(names)}: {missing}."))
    st.caption(as_markdown(f"It is kept as {spoken(kept)}, in place of an older one of that name."))
    draw_fit(base)
