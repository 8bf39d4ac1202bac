"""The demo talks: what they say (`talks.py`), the finished files, and the program that makes them (`make_talks.py`)."""
