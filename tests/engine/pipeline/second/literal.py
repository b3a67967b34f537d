"""PRM as the paper writes it, one list and one candidate at a time; shares no line with engine."""

import math


def softmax(values):
    top = max(values)
    powers = [math.exp(v - top) for v in values]
    return [p / sum(powers) for p in powers]


def times(row, matrix):
    return [sum(x * m[c] for x, m in zip(row, matrix, strict=True)) for c in range(len(matrix[0]))]


def plus(*rows):
    return [sum(values) for values in zip(*rows, strict=True)]


def layer_norm(row, scale, shift):
    mean = sum(row) / len(row)
    spread = math.sqrt(sum((x - mean) ** 2 for x in row) / len(row) + 1e-5)
    return [(x - mean) / spread * s + t for x, s, t in zip(row, scale, shift, strict=True)]


def prm(w, rows, *, heads, blocks):
    """Logits of one list without padding, and the mean attention over heads of the last block."""
    hidden = [
        plus(times(x, w["in_w"]), w["in_b"], w["places"][p] if "places" in w else w["in_b"] * 0)
        for p, x in enumerate(rows)
    ]
    for b in range(blocks):
        q, k, v = (
            [times(h, w[f"{name}_{b}_w"]) for h in hidden] for name in ("query", "key", "value")
        )
        d = len(q[0]) // heads
        gathered, looked = [[] for _ in hidden], [[0.0] * len(hidden) for _ in hidden]
        for head in range(heads):
            part = slice(head * d, (head + 1) * d)
            for i in range(len(hidden)):
                dots = [sum(a * c for a, c in zip(q[i][part], key[part], strict=True)) for key in k]
                away = w[f"apart_{b}"][head] if f"apart_{b}" in w else [0.0] * (2 * len(k) - 1)
                share = softmax(
                    [
                        dot / math.sqrt(d) + 4 * away[j - i + len(k) - 1]
                        for j, dot in enumerate(dots)
                    ]
                )
                looked[i] = plus(looked[i], [s / heads for s in share])
                gathered[i] += [
                    sum(s * value[part][c] for s, value in zip(share, v, strict=True))
                    for c in range(d)
                ]
        for i, h in enumerate(hidden):
            joined = plus(times(gathered[i], w[f"joined_{b}_w"]), w[f"joined_{b}_b"])
            h = layer_norm(plus(h, joined), w[f"attended_{b}_scale"], w[f"attended_{b}_shift"])
            wide = [max(x, 0.0) for x in plus(times(h, w[f"wide_{b}_w"]), w[f"wide_{b}_b"])]
            fed = plus(times(wide, w[f"narrow_{b}_w"]), w[f"narrow_{b}_b"])
            hidden[i] = layer_norm(plus(h, fed), w[f"fed_{b}_scale"], w[f"fed_{b}_shift"])
    return [times(h, w["out_w"])[0] + w["out_b"][0] for h in hidden], looked
