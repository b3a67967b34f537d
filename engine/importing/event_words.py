"""Words for what people do with an item, and how much each says that they want it."""

from __future__ import annotations

import re

__all__ = ["IMPRESSIONS", "strength_of"]

IMPRESSIONS = frozenset({"impression", "impressions", "shown", "exposure", "display", "served"})
"""The item was shown and nothing was done: no interaction."""

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

    An impression is no interaction: None. An unknown word counts 1, as a view does.

    >>> strength_of("add_to_cart"), strength_of("Refund"), strength_of("impression")
    (3.0, -5.0, None)
    """
    own = re.sub(r"[\W_]", "", word.casefold())
    if own in IMPRESSIONS:
        return None
    return next((strength for strength, words in STRENGTHS.items() if own in words), 1.0)
