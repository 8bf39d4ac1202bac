"""What was found in recorded statements, as a table that people read and as JSON lines."""

import json

from analytics.services.xapi_import import Found, Summary
from analytics.xapi.lines import Tally
from analytics.xapi.profile import written_segments

COLUMNS = f"{'covered':>8} {'furthest':>8} {'seconds':>8} {'length':>8}  learner, video, segments"


def in_words(found: Found) -> str:
    """A line below `COLUMNS`."""
    covered, furthest = _percent(found.coverage.percent), _percent(found.furthest)
    figures = f"{covered:>8} {furthest:>8} {found.coverage.seconds:>8} {found.length or '–':>8}"
    return f"{figures}  {found.learner} {found.video} {written_segments(found.coverage.ranges)}".rstrip()


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f} %"


def as_json(found: Found) -> str:
    told = {
        "learner": found.learner._asdict(), "video": found.video, "segments": found.coverage.ranges,
        "seconds": found.coverage.seconds, "length": found.length, "coverage_percent": found.coverage.percent,
        "furthest_percent": None if found.furthest is None else round(found.furthest, 1),
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False)


def summary_as_json(summary: Summary, tally: Tally) -> str:
    told = {
        "statements": tally.statements, "bad_lines": tally.bad_lines, "pairs": summary.pairs,
        "pairs_with_length": summary.of_length, "playhead": summary.playheads, "covered": summary.covered,
        "playhead_with_less_than_half_covered": summary.fooled,
    }  # fmt: skip
    return json.dumps({"summary": told})


def summary_in_words(summary: Summary, tally: Tally) -> str:
    lines = [
        f"{tally.statements} statements in {tally.lines} lines, {tally.bad_lines} of which could not be read.",
        f"{summary.pairs} pairs of learner and video, {summary.of_length} of them with a length. Of these",
    ]
    for mark, playheads in summary.playheads.items():
        lines.append(
            f"  at {mark} %: the playhead of {playheads}, the coverage of {summary.covered[mark]};"
            f" {summary.fooled[mark]} playheads came there over less than half of the video"
        )
    return "\n".join(lines)
