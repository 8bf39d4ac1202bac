"""Courses as files: what stands in them, how they are written, and how one from anywhere is read and checked.

Without the database: rows become plain data, and plain data rows, in `courses.services.exporting` and `.importing`.
"""

from courses.course_files.opening import CourseFile, open_course_file
from courses.course_files.packing import Entry, pack
from courses.course_files.reading import read_document

__all__ = ["CourseFile", "Entry", "open_course_file", "pack", "read_document"]
