"""What a server counts: answers by path and status, how long they took, lines of the log."""

from __future__ import annotations

import threading
from collections import Counter

import numpy as np

__all__ = ["Tallies"]

EDGES = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0)
"""Seconds: upper ends of the histogram."""


class Tallies:
    """Counts since the start; threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: Counter[tuple[str, int]] = Counter()
        self._policies: Counter[str] = Counter()
        self._within = np.zeros(len(EDGES) + 1, np.int64)
        self._seconds = 0.0
        self.logged = 0
        self.not_logged = 0

    def answered(self, path: str, status: int, seconds: float) -> None:
        """Count an answer; the histogram is of lists alone."""
        with self._lock:
            self._answers[path, status] += 1
            if path == "/lists" and status == 200:
                self._within[int(np.searchsorted(EDGES, seconds))] += 1
                self._seconds += seconds

    def served(self, policy: str) -> None:
        """Count a list of a policy."""
        with self._lock:
            self._policies[policy] += 1

    def wrote(self, n_lines: int, *, is_lost: bool = False) -> None:
        """Count lines of the log, or those that could not be written."""
        with self._lock:
            if is_lost:
                self.not_logged += n_lines
            else:
                self.logged += n_lines

    def text(self) -> str:
        """Return it all in the text form that Prometheus reads."""
        with self._lock:
            lines = ["# TYPE rerank_answers_total counter"]
            lines += [
                f'rerank_answers_total{{path="{path}",status="{status}"}} {n}'
                for (path, status), n in sorted(self._answers.items())
            ]
            lines.append("# TYPE rerank_lists_total counter")
            lines += [
                f'rerank_lists_total{{policy="{_label(policy)}"}} {n}'
                for policy, n in sorted(self._policies.items())
            ]
            lines.append("# TYPE rerank_list_seconds histogram")
            up_to = np.cumsum(self._within)
            lines += [
                f'rerank_list_seconds_bucket{{le="{edge:g}"}} {n}'
                for edge, n in zip((*EDGES, float("inf")), up_to.tolist(), strict=True)
            ]
            lines += [
                f"rerank_list_seconds_sum {self._seconds:.6f}",
                f"rerank_list_seconds_count {int(up_to[-1])}",
                "# TYPE rerank_log_lines_total counter",
                f'rerank_log_lines_total{{written="yes"}} {self.logged}',
                f'rerank_log_lines_total{{written="no"}} {self.not_logged}',
            ]
        text = "\n".join(lines) + "\n"
        return text.replace('le="inf"', 'le="+Inf"')


def _label(text: str) -> str:
    r"""Escape a label's value.

    >>> print(_label('a "b"'))
    a \"b\"
    """
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
