"""Every per-user metric again, written straight from its formula, one person at a time.

Nothing is shared with the engine: plain Python over sets, lists and the artifacts' own tables.
"""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from math import log, log2, nan

import numpy as np

from engine.arrays import PAD
from engine.objectives import OBJECTIVES


class Person:
    """What the formulas speak of: L, R, H, n_i, v(j) …, for one person."""

    def __init__(self, artifacts, items, user, attention, baseline=None):
        self.a, self.k, self.v, self.user = artifacts, len(items), attention, user
        self.L = [int(i) for i in items if i != PAD]
        self.places = [j for j, i in enumerate(items) if i != PAD]
        self.R = {int(i) for i in artifacts.holdout.row(user)}
        self.D = {int(i) for i in artifacts.later_not_liked.row(user)}
        self.H = [int(i) for i in artifacts.history.row(user)]
        self.base = None if baseline is None else [int(i) for i in baseline if i != PAD]
        self.ranking = [int(i) for i in artifacts.candidates[user] if i != PAD]
        self.n = [int(c) for c in artifacts.popularity]
        self.U, self.I = artifacts.n_users, artifacts.n_items
        self.y = [int(i in self.R) for i in self.L]
        order = sorted(range(self.I), key=lambda i: (-self.n[i], i))
        self.rank = {item: place + 1 for place, item in enumerate(order)}
        before, self.before = 0, {}
        for item in order:
            self.before[item] = before
            before += self.n[item]
        self.tail = {i for i in range(self.I) if self.before[i] >= 0.8 * sum(self.n)}

    def genres(self, item):
        return {int(g) for g in np.flatnonzero(self.a.genre_matrix[item])}

    def cos(self, i, j):
        x, y = self.a.item_factors[i].astype(float), self.a.item_factors[j].astype(float)
        return float(x @ y / np.linalg.norm(x) / np.linalg.norm(y))

    def mix(self, items, weights):
        total = Counter()
        for item, weight in zip(items, weights, strict=True):
            for genre in self.genres(item):
                total[genre] += weight / len(self.genres(item))
        mass = sum(total.values())
        return {g: w / mass for g, w in total.items()} if mass > 0 else {}

    def attention(self):
        return [self.v[j] for j in self.places]


def mean(values):
    values = list(values)
    return sum(values) / len(values) if values else nan


def dcg(y):
    return sum(rel / log2(j + 2) for j, rel in enumerate(y))


def per_place(p):
    """0/1 by place of the list asked for, with gaps counted as misses."""
    y = [0] * p.k
    for place, rel in zip(p.places, p.y, strict=True):
        y[place] = rel
    return y


def needs_held_out(formula):
    return lambda p: formula(p) if p.R else nan


def needs_list(formula):
    return lambda p: formula(p) if p.L else nan


@needs_held_out
def ndcg(p):
    return dcg(per_place(p)) / dcg([1] * min(len(p.R), p.k))


def by_objective(place):
    def formula(p):
        done = {int(i) for i in p.a.objective_holdout.row(place * p.U + p.user)}
        hits = [log2(j + 2) for j, i in zip(p.places, p.L, strict=True) if i in done]
        best = [log2(j + 2) for j in range(min(len(done), p.k))]
        return sum(1 / one for one in hits) / sum(1 / one for one in best) if done else nan

    return formula


@needs_held_out
def recall(p):
    return len(set(p.L) & p.R) / len(p.R)


@needs_held_out
def precision(p):
    return len(set(p.L) & p.R) / p.k


@needs_held_out
def hit(p):
    return float(bool(set(p.L) & p.R))


@needs_held_out
def mrr(p):
    return max((1 / (j + 1) for j, rel in enumerate(per_place(p)) if rel), default=0.0)


@needs_held_out
def average_precision(p):
    y = per_place(p)
    return sum(sum(y[: j + 1]) / (j + 1) for j in range(p.k) if y[j]) / min(len(p.R), p.k)


@needs_held_out
def rbp(p):
    return (1 - 0.85) * sum(rel * 0.85**j for j, rel in enumerate(per_place(p)))


@needs_held_out
def ips_recall(p):
    weight = {i: 1 / max(p.n[i], 1) ** ((1.5 + 1) / 2) for i in p.R}
    return sum(weight[i] for i in p.R & set(p.L)) / sum(weight.values())


def recall_tail(p):
    held = p.R & p.tail
    return len(held & set(p.L)) / len(held) if held else nan


def recall_head(p):
    held = p.R - p.tail
    return len(held & set(p.L)) / len(held) if held else nan


@needs_list
def unjudged(p):
    return len([i for i in p.L if i not in {*p.R, *p.D, *p.H}]) / len(p.L)


def judged_precision(p):
    return mean(float(i in p.R) for i in p.L if i in p.R | p.D)


def dislike_rate(p):
    return len(p.D & set(p.L)) / len(p.L) if p.L and p.R | p.D else nan


def condensed_ndcg(p):
    y = [float(i in p.R) for i in p.L if i in p.R | p.D]
    return dcg(y) / dcg([1] * min(len(p.R), p.k)) if p.R and y else nan


@needs_held_out
def bpref(p):
    most, total = min(len(p.R), len(p.D)), 0.0
    for place, item in enumerate(p.L):
        if item in p.R:
            above = len(p.D & set(p.L[:place]))
            total += 1 - (min(above, most) / most if most else 0)
    return total / len(p.R)


def repeat_share(p):
    return mean(i in p.H for i in p.L) if p.a.offers_again else nan


def recall_again(p):
    wanted = p.R & set(p.H)
    return len(wanted & set(p.L)) / len(wanted) if p.a.offers_again and wanted else nan


def recall_new(p):
    wanted = p.R - set(p.H)
    return len(wanted & set(p.L)) / len(wanted) if p.a.offers_again and wanted else nan


def alpha_dcg(p, items):
    seen, total = Counter(), 0.0
    for j, item in enumerate(items):
        if item in p.R:
            total += sum(0.5 ** seen[g] for g in p.genres(item)) / log2(j + 2)
            seen.update(p.genres(item))
    return total


def alpha_ndcg(p):
    left, ideal, seen = sorted(p.R), [], Counter()
    while left and len(ideal) < p.k:
        best = max(left, key=lambda i: sum(0.5 ** seen[g] for g in p.genres(i)))
        left.remove(best)
        ideal.append(best)
        seen.update(p.genres(best))
    norm = alpha_dcg(p, ideal)
    shown = [PAD] * p.k
    for place, item in zip(p.places, p.L, strict=True):
        shown[place] = item
    return alpha_dcg(p, shown) / norm if norm else nan


def ild(p):
    return mean(1 - p.cos(i, j) for i, j in combinations(p.L, 2))


def ild_genres(p):
    pairs = [(p.genres(i), p.genres(j)) for i, j in combinations(p.L, 2)]
    return mean(1 - len(a & b) / len(a | b) for a, b in pairs if a and b)


def entropy(mix):
    return -sum(q * log2(q) for q in mix.values()) if mix else nan


def genre_entropy(p):
    return entropy(p.mix(p.L, [1] * len(p.L)))


def effective_genres(p):
    return 2 ** genre_entropy(p)


def rank_genre_entropy(p):
    mix = p.mix(p.L, p.attention())
    return entropy({g: q for g, q in mix.items() if q > 0})


def novelty(p):
    return mean(-log2(max(p.n[i], 1) / p.U) for i in p.L)


def by_attention(p, gain):
    norm = sum(p.attention())
    if not p.R or not norm:
        return nan
    pairs = zip(p.attention(), p.y, p.L, strict=True)
    return sum(v * y * gain(i) for v, y, i in pairs) / norm


def epc(p):
    return by_attention(p, lambda i: 1 - p.n[i] / p.U)


def efd(p):
    return by_attention(p, lambda i: -log2(max(p.n[i], 1) / sum(p.n)))


def surprise(p, item):
    return 1 - mean(p.cos(item, h) for h in p.H)


def unexpectedness(p):
    return mean(surprise(p, i) for i in p.L) if p.H else nan


def serendipity(p):
    if not p.H or not p.R:
        return nan
    return mean(surprise(p, i) * y for i, y in zip(p.L, p.y, strict=True))


@needs_list
@needs_held_out
def rank_serendipity(p):
    total = 0.0
    for place, item in zip(p.places, p.L, strict=True):
        here, by_popularity = (p.I - place) / p.I, (p.I + 1 - p.rank[item]) / p.I
        total += max(here - by_popularity, 0) * (item in p.R)
    return total / p.k


def ages(p):
    days = [float(p.a.released_day[i]) for i in p.L]
    return [max(p.a.now_day - day, 0) / 365.25 for day in days if day == day]


def mean_age(p):
    return mean(ages(p))


def fresh_share(p):
    return mean(float(age < 5) for age in ages(p))


def freshness(p):
    return mean(2 ** (-age / 5) for age in ages(p))


def miscalibration(p):
    own, shown = p.mix(p.H, [1] * len(p.H)), p.mix(p.L, [1] * len(p.L))
    if not own or not shown:
        return nan
    mixed = {g: 0.99 * shown.get(g, 0) + 0.01 * own[g] for g in own}
    return sum(own[g] * log(own[g] / mixed[g]) for g in own)


def overlap(p):
    both = set(p.L) | set(p.base)
    return len(set(p.L) & set(p.base)) / len(both) if both else nan


def rbo(p):
    depth = max(len(p.L), len(p.base))
    if not depth:
        return nan
    steps = range(1, depth + 1)
    shared = [0.85 ** (d - 1) * len(set(p.L[:d]) & set(p.base[:d])) / d for d in steps]
    return sum(shared) / sum(0.85 ** (d - 1) for d in steps)


def promotion(p):
    if not p.L or set(p.L) - set(p.ranking):
        return nan
    return max(0, max(p.ranking.index(i) + 1 for i in p.L) - p.k)


def arp(p):
    return mean(p.n[i] / p.U for i in p.L)


def popularity_rank(p):
    return mean(sum(m <= p.n[i] for m in p.n) / p.I if p.n[i] else 0.0 for i in p.L)


def aplt(p):
    return mean(float(i in p.tail) for i in p.L)


def aclt(p):
    return float(len(set(p.L) & p.tail)) if p.L else nan


def popularity_shift(p):
    if not p.L or not p.H:
        return nan
    total = sum(p.n)

    def bins(items):
        where = [0 if p.before[i] < 0.2 * total else 2 if i in p.tail else 1 for i in items]
        return [where.count(b) / len(where) for b in range(3)]

    def kl(x, y):
        return sum(a * log2(a / b) for a, b in zip(x, y, strict=True) if a > 0)

    past, now = bins(p.H), bins(p.L)
    middle = [(a + b) / 2 for a, b in zip(past, now, strict=True)]
    return kl(past, middle) / 2 + kl(now, middle) / 2


def band(p, item):
    return sum(p.before[item] >= edge * sum(p.n) for edge in (0.2, 0.4, 0.6, 0.8))


def band_targets(p):
    size = Counter(band(p, i) for i in range(p.I))
    share = [max(size[b] / p.I, 1e-6) for b in range(5)]
    return [s / sum(share) for s in share]


def ndkl(p):
    if not p.L:
        return nan
    target, total = band_targets(p), 0.0
    for depth in range(1, len(p.L) + 1):
        counts = Counter(band(p, i) for i in p.L[:depth])
        kl = sum(c / depth * log(c / depth / target[b]) for b, c in counts.items())
        total += kl / log2(depth + 1)
    return total / sum(1 / log2(d + 1) for d in range(1, len(p.L) + 1))


def awrf(p):
    norm = sum(p.attention())
    if not norm:
        return nan
    mass = Counter()
    for weight, item in zip(p.attention(), p.L, strict=True):
        mass[band(p, item)] += weight / norm
    return sum(abs(mass[b] - t) for b, t in enumerate(band_targets(p))) / 2


LITERAL = {
    "map": average_precision,
    **{
        formula.__name__: formula
        for formula in (
            recall_head, recall_tail, judged_precision, dislike_rate, condensed_ndcg,
            alpha_ndcg, ild, ild_genres, genre_entropy,
            effective_genres, rank_genre_entropy, novelty, epc, efd, unexpectedness, serendipity,
            mean_age, fresh_share, freshness, miscalibration, overlap, rbo, promotion, arp,
            popularity_rank, aplt, aclt, popularity_shift, ndkl, awrf,
            repeat_share, recall_again, recall_new,
        )
    },
    "ndcg": ndcg,
    **{f"ndcg_{name}": by_objective(place) for place, name in enumerate(OBJECTIVES)},
    "recall": recall,
    "precision": precision,
    "hit": hit,
    "mrr": mrr,
    "rbp": rbp,
    "ips_recall": ips_recall,
    "unjudged": unjudged,
    "bpref": bpref,
    "rank_serendipity": rank_serendipity,
}  # fmt: skip
"""Name of a metric → its formula."""


def gini(exposure):
    """Half the mean absolute difference of all pairs, over the mean (another road to Gini)."""
    x = [float(e) for e in exposure]
    return sum(abs(a - b) for a in x for b in x) / (2 * len(x) * sum(x)) if sum(x) else nan


def n90(slots):
    """Take the most shown items until they fill 90 % of places."""
    filled, goal = 0, 0.9 * sum(slots)
    for count, item_slots in enumerate(sorted(slots, reverse=True), start=1):
        filled += item_slots
        if filled >= goal - 1e-9:
            return count
    return nan


def personalisation(lists, k):
    """Mean over all ordered pairs of people."""
    sets = [{int(i) for i in row if i != PAD} for row in lists]
    pairs = [(a, b) for n, a in enumerate(sets) for m, b in enumerate(sets) if n != m]
    return mean(1 - len(a & b) / k for a, b in pairs)
