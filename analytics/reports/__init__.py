"""Read-only questions about what happened, shared by admin, API and CSV so that they cannot disagree.

They read the days that were rolled up and the rows of today, never the events: what a report costs does not grow with
what has happened.
"""
