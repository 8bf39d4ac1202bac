"""`{{ seconds|duration }}`, `{{ seconds|to_the_second }}`, `{{ seconds|exact }}`, `{{ seconds|clock }}`,
`{{ bytes|size }}`, `{{ person.role|role }}`.
"""

from django import template

from media_library.podcasts.taxonomy import words_for_role
from media_library.wording import (
    clock_time,
    words_for_duration,
    words_for_exact_seconds,
    words_for_seconds,
    words_for_size,
)

register = template.Library()
register.filter("duration", words_for_duration)
register.filter("to_the_second", words_for_seconds)
register.filter("exact", words_for_exact_seconds)
register.filter("clock", clock_time)
register.filter("size", words_for_size)
register.filter("role", words_for_role)
