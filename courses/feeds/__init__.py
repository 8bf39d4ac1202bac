"""A course followed with a podcast app: its lessons that can be heard, as far as they are open to the learner now."""

from courses.feeds.following import CourseFeeds, lessons_with_sound, sounding_items

__all__ = ["CourseFeeds", "lessons_with_sound", "sounding_items"]
