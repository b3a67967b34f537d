"""The models of a fit, checked before any library reads them."""

from engine.model_checks.files import model_complaints

__all__ = ["model_complaints"]
