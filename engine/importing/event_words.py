"""Words for what people do with an item, and how much each says that they want it."""

from __future__ import annotations

import re

__all__ = ["is_impression", "is_no", "strength_of"]

IMPRESSIONS = frozenset({"impression", "impressions", "shown", "exposure", "display", "served"})
"""The item was shown and nothing was done: no interaction."""

NOTHING = frozenset({"0", "00", "false", "no", "notclicked", "noclick"})
"""The same, as columns say it that are called `click`."""

NO = frozenset({"n", "nein", "non", "nee", "never", "notrecommended"})

STRENGTHS: dict[float, tuple[str, ...]] = {
    -5.0: ("return", "returned", "refund", "refunded", "cancel", "cancelled", "canceled",
           "cancellation", "chargeback", "storno"),
    -1.0: ("remove", "removed", "removefromcart", "unlike", "dislike", "disliked", "skip",
           "skipped", "hide", "hidden", "unsubscribe", "downvote", "thumbsdown"),
    5.0: ("purchase", "purchased", "transaction", "buy", "bought", "order", "ordered", "sale",
          "sold", "conversion", "checkout", "subscribe", "rent", "rented", "borrow", "complete",
          "completed", "finish", "finished", "paid"),
    3.0: ("cart", "addtocart", "addcart", "basket", "addtobasket", "add", "added", "download",
          "downloaded", "love", "loved"),
    2.0: ("like", "liked", "favorite", "favourite", "fav", "wishlist", "addtowishlist", "save",
          "saved", "bookmark", "share", "shared", "follow", "comment", "upvote", "thumbsup",
          "toread"),
}  # fmt: skip


def strength_of(word: str) -> float | None:
    """Return how strong an event is: 5 bought, 3 in the cart, 2 liked, 1 seen, below 0 taken back.

    An impression is no interaction: None, and so is a click that did not happen (`0`). An unknown
    word counts 1, as a view does.

    >>> strength_of("add_to_cart"), strength_of("Refund"), strength_of("impression")
    (3.0, -5.0, None)
    >>> strength_of("Order Completed"), strength_of("orderCancelled"), strength_of("Page Viewed")
    (5.0, -5.0, 1.0)
    """
    if is_impression(word):
        return None
    own = _plain(word)
    known = next((strength for strength, words in STRENGTHS.items() if own in words), None)
    if known is not None:
        return known
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", word).casefold()
    parts = set(re.split(r"[\W_]+", apart))
    found = [strength for strength, words in STRENGTHS.items() if parts & set(words)]
    # "Order cancelled" takes back; "added to wishlist" is a wish.
    return min(found, default=1.0)


def is_impression(word: str) -> bool:
    """Whether an event says that something was shown, and no more."""
    return _plain(word) in IMPRESSIONS | NOTHING


def is_no(word: str) -> bool:
    """Whether a word denies.

    >>> [is_no(one) for one in ("No", "false", "nein", "thumbs up", "impression")]
    [True, True, True, False, False]
    """
    return _plain(word) in NOTHING | NO


def _plain(word: str) -> str:
    return re.sub(r"[\W_]", "", word.casefold())
