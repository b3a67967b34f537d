"""What the Pipeline page says under the sources: what texts hold, and why a source was left out."""

from dashboard.pipeline.source_panel import source_notes


def test_texts_and_reasons_are_said_each_in_a_sentence(tiny_artifacts):
    metrics = {**tiny_artifacts.manifest["metrics"], "left_out": {}}
    assert source_notes(metrics) == []
    models = {**metrics["models"], "sentences": {"texts": "80 % of 9 items have a text"}}
    reasons = {"ease_seen": "nothing was disliked", "sentences": "texts say too little"}
    assert source_notes({**metrics, "models": models}) == [
        "What the sentence model read: 80 % of 9 items have a text."
    ]
    assert source_notes({**metrics, "left_out": reasons}) == [
        "Of no use for this data: ease_seen: nothing was disliked; sentences: texts say too little."
    ]
