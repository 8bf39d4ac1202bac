"""Speed as ratios, both sides in one run in alternating rounds: `python -m tests.benchmarks <name>`, one JSON line."""
