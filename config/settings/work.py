"""Work in the background, and how patient it is."""

from config.environment import env

# Background work: django-q2 only wakes; the job row is the truth (core/jobs).
JOB_LANES = {"short": 2, "long": 1, "hosts": 2}  # lane: workers
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", 45)
JOB_BACKOFF_SECONDS = env.int("JOB_BACKOFF_SECONDS", 10)  # doubled with each attempt
JOB_SILENCE_SECONDS = env.int("JOB_SILENCE_SECONDS", 60)  # a cluster that leaves due work lying this long is replaced
WORKER_SILENCE_SECONDS = env.int("WORKER_SILENCE_SECONDS", 60)  # /readyz/ takes a worker for dead that is silent longer

# Watching the installation
METRICS_TOKEN = env.str("METRICS_TOKEN", "")  # opens /metrics/; without one there is no such page
ALERT_ORIGINS: list[str] = env.list("ALERT_ORIGINS", [])  # inside one's own network, where alerts may be posted to

Q_CLUSTER = {
    "name": "short", "orm": "default", "workers": JOB_LANES["short"], "queue_limit": 2, "bulk": 1, "poll": 0.3,
    "timeout": 900, "retry": 7200, "max_attempts": 1, "ack_failures": True, "catch_up": False, "scheduler": False,
    "save_limit": 100, "recycle": 200, "guard_cycle": 1, "label": "Queue",
    "ALT_CLUSTERS": {
        "long": {"workers": JOB_LANES["long"], "queue_limit": 1, "recycle": 20, "timeout": 21_600, "retry": 172_800},
        "hosts": {"workers": JOB_LANES["hosts"], "queue_limit": 2, "recycle": 200, "timeout": 7_200, "retry": 14_400},
    },
}  # fmt: skip
