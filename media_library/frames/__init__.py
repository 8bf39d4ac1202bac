"""Pictures taken out of video: what is noted on them, where they stand, how they leave."""
