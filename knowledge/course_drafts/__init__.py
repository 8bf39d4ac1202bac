"""Courses proposed from media: an outline, then notes and a quiz for each video, as a draft that a maker edits."""
