"""What media is about: labels by a language model, by counting, and by people; related media; themes."""
