"""The three forms of *Logga*, and the same forms for corrections.

Each is drawn, read and filled: drawn from what the session remembers, read into an entry
that a view-model makes a record of, filled from a record that is to be corrected.
"""

from ui.components.activity_form import activity_form, fill_activity, read_activity
from ui.components.fields import faults_told, load_look
from ui.components.inspection_form import fill_inspection, inspection_form, read_inspection
from ui.components.visit_form import fill_visit, read_visit, visit_form, visit_summary

__all__ = [
    "activity_form",
    "faults_told",
    "fill_activity",
    "fill_inspection",
    "fill_visit",
    "inspection_form",
    "load_look",
    "read_activity",
    "read_inspection",
    "read_visit",
    "visit_form",
    "visit_summary",
]
