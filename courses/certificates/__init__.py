"""What stands on a certificate, and its PDF."""
