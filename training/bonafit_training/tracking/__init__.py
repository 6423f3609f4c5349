"""Tracking of runs: one interface, kept by MLflow or by nobody."""

from bonafit_training.tracking.tracker import NoTracker, Tracker, open_tracker
from bonafit_training.tracking.where import Tracking, place_of

__all__ = ["NoTracker", "Tracker", "Tracking", "open_tracker", "place_of"]
