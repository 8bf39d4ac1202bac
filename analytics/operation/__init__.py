"""How the installation is doing: measured once, for metrics, readiness and alerts alike."""
