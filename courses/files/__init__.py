"""Files that courses take, keep and send."""
