"""The codes by which the kernel knows the diversity methods."""

from __future__ import annotations

__all__ = ["COVER", "DPP", "MMR", "MSD", "OFF", "SSD", "XQUAD"]

OFF, MMR, MSD, DPP, SSD, XQUAD, COVER = range(7)
