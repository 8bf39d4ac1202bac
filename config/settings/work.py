"""Work in the background, and how patient it is."""

from config.environment import env, in_range

# Webhooks: who is told what happens in an organization
WEBHOOK_KEPT_DAYS = env.int("WEBHOOK_KEPT_DAYS", 30)  # what was sent, what was answered, and what can be sent again
WEBHOOK_ORIGINS: list[str] = env.list("WEBHOOK_ORIGINS", [])  # of the operator's own, which may be anywhere

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

# Events that other systems tell, and how long they are kept
EVENT_LATE_DAYS = env.int("EVENT_LATE_DAYS", 35, validate=in_range(min=1))  # so late an event is still taken
EVENT_MONTHS_KEPT = env.int("EVENT_MONTHS_KEPT", 0, validate=in_range(min=0))  # older months are dropped; 0: none
EVENT_CALLS_AT_ONCE = env.int("EVENT_CALLS_AT_ONCE", 3, validate=in_range(min=1))  # of a web process; below its threads
# Learning record stores: who is told what was watched
RECORD_STORE_ORIGINS: list[str] = env.list("RECORD_STORE_ORIGINS", [])  # of the operator's own, which may be anywhere

# Shows that are brought in from elsewhere
PODCAST_ORIGINS: list[str] = env.list("PODCAST_ORIGINS", [])  # of the operator's own, which may be anywhere

# Drafts of notes and quizzes: services of the operator's own, in place of a language model
NOTES_GENERATION_ENDPOINT = env.str("NOTES_GENERATION_ENDPOINT", "")
QUIZ_GENERATION_ENDPOINT = env.str("QUIZ_GENERATION_ENDPOINT", "")
