import numpy as np


def test_artifacts_hold_what_they_promise(tiny_artifacts):
    artifacts = tiny_artifacts
    assert artifacts.candidates.shape == (120, 50)
    assert artifacts.manifest["metrics"]["quality"]["full pipeline"]["n"] > 100
    assert np.isfinite(artifacts.item_factors).all()
