"""Likeness of items by who liked them: cosine of their columns."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

__all__ = ["cosine_links"]


def cosine_links(likes: sp.csr_matrix) -> sp.csr_matrix:
    """``n_ij / √(n_i n_j)``, with n_ij people who liked both; 0 on the diagonal.

    Returns
    -------
    float32 sparse matrix of shape (n_items, n_items)
    """
    together = sp.csr_matrix(likes.T @ likes, dtype=np.float32)
    root = np.sqrt(np.maximum(together.diagonal(), 1.0))
    together.setdiag(0.0)
    together.eliminate_zeros()
    scale = sp.diags((1.0 / root).astype(np.float32))
    return sp.csr_matrix(scale @ together @ scale, dtype=np.float32)
