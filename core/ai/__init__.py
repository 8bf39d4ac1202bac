"""Models that hear, read and write, each behind a small protocol; settings are passed in."""
