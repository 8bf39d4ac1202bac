"""For makers: has this been said before, and what is said twice? Over the whole library, drafts too."""
