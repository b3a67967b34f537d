import numpy as np
import pytest

from engine.arrays import PAD
from engine.pipeline.contributions import ceiling, source_shares


def test_shares_are_counted_candidate_by_candidate(tiny_artifacts):
    names = tiny_artifacts.manifest["source_names"]
    proposed, alone = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    found, found_alone, n, n_found = dict(proposed), dict(alone), 0, 0
    for user in range(tiny_artifacts.n_users):
        held_out = set(tiny_artifacts.holdout.row(user).tolist())
        for item, mask in zip(
            tiny_artifacts.candidates[user], tiny_artifacts.source_masks[user], strict=True
        ):
            if item == PAD:
                continue
            sources = [name for bit, name in enumerate(names) if int(mask) >> bit & 1]
            n, n_found = n + 1, n_found + (item in held_out)
            for name in sources:
                proposed[name] += 1
                found[name] += item in held_out
                alone[name] += len(sources) == 1
                found_alone[name] += len(sources) == 1 and item in held_out
    shares = source_shares(tiny_artifacts)
    assert [share.name for share in shares] == names
    for share in shares:
        assert (share.n_candidates, share.n_found) == (n, n_found)
        assert share.proposed == pytest.approx(proposed[share.name] / n)
        assert share.alone == pytest.approx(alone[share.name] / n)
        assert share.found == pytest.approx(found[share.name] / n_found)
        assert share.found_alone == pytest.approx(found_alone[share.name] / n_found)


def test_no_order_beats_the_ceiling_and_it_is_one_where_everything_was_found(tiny_artifacts):
    top = ceiling(tiny_artifacts)
    quality = tiny_artifacts.manifest["metrics"]["quality"]
    assert top.n == quality["full pipeline"]["n"]
    assert top.ndcg_at_10 >= max(row["ndcg_at_10"] for row in quality.values())
    reached = []
    for user in range(tiny_artifacts.n_users):
        held_out = tiny_artifacts.holdout.row(user)
        if len(held_out):
            n_found = min(np.isin(held_out, tiny_artifacts.candidates[user]).sum(), 10)
            gains = 1 / np.log2(np.arange(2, 12))
            reached.append(gains[:n_found].sum() / gains[: min(len(held_out), 10)].sum())
    assert top.ndcg_at_10 == pytest.approx(np.mean(reached))
    assert top.half_width > 0
