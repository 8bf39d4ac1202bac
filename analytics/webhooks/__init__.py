"""Telling other people's programs what happened, as Standard Webhooks (standardwebhooks.com) says."""
