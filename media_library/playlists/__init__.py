"""Playlists as one person sees them: what of them they may watch now, how far they are, where they go on."""
