"""Files of well-known sets that come without names of columns: what their authors call these."""

from __future__ import annotations

import re

__all__ = ["documented_names"]

LAYOUTS: tuple[tuple[str, str], ...] = (
    (r"usersha1-artmbid-artname-plays\.tsv", "user_id artist_mbid artist_name plays"),
    (r"usersha1-profile\.tsv", "user_id gender age country signup"),
    (
        r"userid-timestamp-artid-artname-traid-traname\.tsv",
        "user_id timestamp artist_mbid artist_name track_mbid track_name",
    ),
    (r"train_triplets\.txt|kaggle_visible_evaluation_triplets\.txt", "user_id song_id play_count"),
    (r"behaviors\.tsv", "impression_id user_id time history impressions"),
    (
        r"news\.tsv",
        "news_id category subcategory title abstract url title_entities abstract_entities",
    ),
    (r"ratings\.dat", "user_id movie_id rating timestamp"),
    (r"movies\.dat", "movie_id title genres"),
    (r"users\.dat", "user_id gender age occupation zip_code"),
    (r"u\.data", "user_id movie_id rating timestamp"),
    (r"u\.user", "user_id age gender occupation zip_code"),
    (r"ratings_\w+\.csv", "user_id item_id rating timestamp"),
    (r"UserBehavior\.csv", "user_id item_id category_id behavior timestamp"),
    (r"yoochoose-clicks\.dat", "session_id timestamp item_id category_id"),
    (r"yoochoose-buys\.dat", "session_id timestamp item_id price quantity"),
    (r"steam-200k\.csv", "user_id game_name behavior hours nothing"),
    (
        r"loc-(gowalla|brightkite)_totalCheckins\.txt",
        "user_id checkin_time latitude longitude location_id",
    ),
    (
        r"dataset_TSMC2014_\w+\.txt",
        "user_id venue_id venue_category_id venue_category latitude longitude offset utc_time",
    ),
    (r"combined_data_\d\.txt", "movie_id user_id rating date"),
    (r"movie_titles\.(csv|txt)", "movie_id year title"),
)
"""File name, whole → names of its columns, as its documentation has them."""


def documented_names(file: str, n_columns: int) -> tuple[str, ...] | None:
    """Return the names of the columns of a file without any, where it is a well-known one.

    The file must have just as many columns as its documentation says.

    >>> documented_names("ratings.dat", 4)
    ('user_id', 'movie_id', 'rating', 'timestamp')
    >>> documented_names("ratings.dat", 3) is None
    True
    """
    own = file.rpartition("/")[2]
    for form, names in LAYOUTS:
        found = tuple(names.split(" "))
        if len(found) == n_columns and re.fullmatch(form, own, re.IGNORECASE):
            return found
    return None
