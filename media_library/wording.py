"""Lengths and sizes in the words people use."""

from django.utils.translation import gettext as _

UNITS = ("B", "kB", "MB", "GB", "TB")


def words_for_duration(seconds: float | None) -> str:
    """How long something is: `45 s`, `12 min`, `1 h 05 min`; empty where nobody knows."""
    if seconds is None:
        return ""
    if seconds < 59.5:
        return _("%(seconds)d s") % {"seconds": round(seconds)}
    hours, minutes = divmod(round(seconds / 60), 60)
    if hours:
        return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}
    return _("%(count)d min") % {"count": minutes}


def words_for_seconds(seconds: float) -> str:
    """How long something is, to the second: `45 s`, `4 min 10 s`, `1 h 05 min`."""
    minutes, rest = divmod(round(seconds), 60)
    if 0 < minutes < 60 and rest:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": rest}
    return words_for_duration(seconds)


def words_for_exact_seconds(seconds: float) -> str:
    """A second of a film or a distance between two, to the millisecond: `150 s`, `12.35 s`."""
    return _("%(seconds)s s") % {"seconds": f"{seconds:.3f}".rstrip("0").rstrip(".")}


def moment(seconds: float) -> str:
    """A moment as lists of moments write it, hours always: `0:04:10`, `1:02:03`."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def clock_time(seconds: float | None) -> str:
    """A length or moment to the second: `4:10`, `1:02:03`; empty where nobody knows."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def words_for_size(size: int) -> str:
    """A number of bytes as disks and browsers count them: `950 B`, `12 kB`, `3.4 GB`."""
    power = min((len(str(max(size, 1))) - 1) // 3, len(UNITS) - 1)
    return f"{size / 1000**power:.{1 if power > 1 else 0}f} {UNITS[power]}"
