"""Finding people worth looking at, and what their history says of their taste."""

from engine.people.finding import FINDERS, Finder, Found, Searched, find_people
from engine.people.likings import LIKES, likes_genre
from engine.people.taste import (
    distance_from_centre,
    genre_membership,
    genre_mix,
    liked_items,
    liked_rows,
    list_genre_mix,
    nearest_items,
)
from engine.people.traits import person_row, share_traits

__all__ = [
    "FINDERS",
    "LIKES",
    "Finder",
    "Found",
    "Searched",
    "distance_from_centre",
    "find_people",
    "genre_membership",
    "genre_mix",
    "liked_items",
    "liked_rows",
    "likes_genre",
    "list_genre_mix",
    "nearest_items",
    "person_row",
    "share_traits",
]
