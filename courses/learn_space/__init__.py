"""The page on which people learn: outline, lesson, the next step."""
