"""What a policy has learned, saved and resumed: plain arrays, no code, of bounded size."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from engine.errors import ArtifactError
from engine.online.bandits.bandit import Bandit, Sizes
from engine.online.bandits.policies import POLICIES

__all__ = ["MOST_NUMBERS", "load_policy", "packed"]

MOST_NUMBERS = 50_000_000
"""Of one policy: runs × arms × the larger of features² and groups."""


def packed(name: str, policy: Bandit) -> bytes:
    """Return a policy's state as the content of an ``.npz`` file."""
    buffer = io.BytesIO()
    parts: dict[str, Any] = {
        "policy_name": np.frombuffer(name.encode("utf-8"), np.uint8),
        "policy_sizes": np.array(policy.sizes, np.int64),
        **policy.arrays,
    }
    np.savez(buffer, **parts)
    return buffer.getvalue()


def load_policy(path: Path) -> tuple[str, Bandit]:
    """Read a policy's state.

    Raises
    ------
    ArtifactError
        It is no state of a policy known here, or not finite, or too large.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
            name = bytes(stored["policy_name"]).decode("utf-8")
            sizes = Sizes(*(int(one) for one in stored["policy_sizes"]))
            if name not in POLICIES or min(sizes) < 1:
                raise ValueError("a policy that is not known here")
            wide = max(sizes.n_features**2, sizes.n_cells)
            if sizes.n_runs * sizes.n_arms * wide > MOST_NUMBERS:
                raise ValueError(f"more than {MOST_NUMBERS:,} numbers")
            policy = POLICIES[name](sizes)
            for part, expected in policy.arrays.items():
                given = stored[part]
                if given.shape != expected.shape or given.dtype != expected.dtype:
                    raise ValueError(f"another form of `{part}`")
                if not np.isfinite(given).all():
                    raise ValueError(f"numbers of `{part}` that are not finite")
                policy.arrays[part] = given
    except (OSError, ValueError, KeyError, EOFError, TypeError, BadZipFile) as error:
        raise ArtifactError(
            f"{path.name} is no state of a bandit that can be resumed ({error}): begin anew, or "
            "give the file that was saved."
        ) from error
    return name, policy
