"""Data: the contract, its readers, the checks, and the split into history, labels and test."""

from engine.data.contract import Dataset, Drop
from engine.data.home import artifact_folder, data_folder
from engine.data.registry import DATASET_NAMES, load_dataset, load_with_fallback
from engine.data.simulated import Truth, open_truth
from engine.data.split import Split, split

__all__ = [
    "DATASET_NAMES",
    "Dataset",
    "Drop",
    "Split",
    "Truth",
    "artifact_folder",
    "data_folder",
    "load_dataset",
    "load_with_fallback",
    "open_truth",
    "split",
]
