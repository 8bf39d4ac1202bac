"""A public site starts safely or not at all: real processes with the environment of one."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

from tests.processes import environment

pytestmark = pytest.mark.django_db
ADDRESS = "https://learn.example.org"
KEY = "9sMZ2fQv7TgXw4LrKcYb8NpHd3JuEa6RiVoWtGyBxCqDzFhSmUkPl5Oj1IeA0nMv"
WEB = [sys.executable, "-c", "import config.wsgi"]
WORKER = [sys.executable, "manage.py", "run_worker"]
#: What is wrong, and how the sentence that says so begins.
UNSAFE = {
    "no key": ({"LECTERN_URL": ADDRESS, "SECRET_KEY": ""}, "SECRET_KEY is not set."),
    "short key": ({"LECTERN_URL": ADDRESS, "SECRET_KEY": "short"}, "SECRET_KEY is too short"),
    "debug": ({"LECTERN_URL": ADDRESS, "SECRET_KEY": KEY, "DEBUG": "true"}, "DEBUG is on while"),
    "http": ({"LECTERN_URL": "http://learn.example.org", "SECRET_KEY": KEY}, "LECTERN_URL is 'http://learn"),
    "no host": ({"LECTERN_URL": "learn.example.org", "SECRET_KEY": KEY}, "LECTERN_URL is 'learn"),
    "short token": ({"LECTERN_URL": ADDRESS, "SECRET_KEY": KEY, "METRICS_TOKEN": "abc"}, "METRICS_TOKEN is too short"),
    "all hosts": ({"LECTERN_URL": ADDRESS, "SECRET_KEY": KEY, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS contains '*'"),
}


def start(command, data, **extra):
    return subprocess.run(
        command, env=environment(data, **extra), cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip


#: Each refusal of the web server; of the worker, which asks the same, one by settings and one by checks.
STARTS = [*((WEB, name) for name in UNSAFE), (WORKER, "no key"), (WORKER, "debug")]


@pytest.mark.parametrize(("command", "wrong"), STARTS, ids=[f"{start[0][-1]} {start[1]}" for start in STARTS])
def test_unsafe_start_is_refused_with_the_name_of_the_variable(command, wrong, tmp_path):
    variables, words = UNSAFE[wrong]
    ended = start(command, tmp_path, **variables)

    assert (ended.returncode != 0, words in ended.stderr) == (True, True), ended.stderr


def test_safe_public_site_starts(tmp_path):
    ended = start(WEB, tmp_path, LECTERN_URL=ADDRESS, SECRET_KEY=KEY)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_shipped_settings_pass_the_deployment_check(tmp_path):
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    ended = start(check, tmp_path, LECTERN_URL=ADDRESS, SECRET_KEY=KEY)

    assert ended.returncode == 0, ended.stderr


def test_proxy_that_is_not_counted_is_warned_about(tmp_path):
    check = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    ended = start(check, tmp_path, LECTERN_URL=ADDRESS, SECRET_KEY=KEY, BEHIND_PROXY="true")

    assert (ended.returncode, "TRUSTED_PROXY_COUNT is 0" in ended.stderr) == (1, True)


#: Answers of every kind, of a public site, as its process gives them.
VISIT = """
import json
from config.wsgi import application
from django.test import Client
from django.core.management import call_command

call_command("collectstatic", interactive=False, verbosity=0)
client = Client(raise_request_exception=False, HTTP_HOST="learn.example.org")
secure = {"secure": True}
from django.conf import settings
answers = {
    "page": client.get("/accounts/login/", **secure),
    "redirect to the log-in": client.get("/account/", **secure),
    "nothing there": client.get("/nowhere/at/all/", **secure),
    "api": client.get("/api/v1/nowhere/courses/", **secure),
    "static file": client.get("/static/css/base.css", **secure),
    "no static file": client.get("/static/css/none.css", **secure),
    "foreign host": client.get("/", HTTP_HOST="evil.example.org", **secure),
    "without token": Client(enforce_csrf_checks=True, HTTP_HOST="learn.example.org").post("/accounts/login/", **secure),
    "not allowed": client.post("/livez/", **secure),
    "plain http": client.get("/accounts/login/"),
}
names = ["Strict-Transport-Security", "X-Content-Type-Options", "Referrer-Policy", "X-Frame-Options"]
seen = {}
for name, answer in answers.items():
    policy = answer.headers.get("Content-Security-Policy", "")
    found = [answer.headers.get(header, "") for header in names]
    seen[name] = [answer.status_code, *found, "frame-ancestors 'none'" in policy]
cookies = {name: [morsel["secure"], morsel["httponly"], morsel["samesite"], morsel["path"], morsel["domain"]]
           for name, morsel in answers["page"].cookies.items()}
names = [settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_SECURE, settings.SESSION_COOKIE_HTTPONLY,
         settings.SESSION_COOKIE_SAMESITE]
print(json.dumps({"headers": seen, "cookies": cookies, "session": names}))
"""


@pytest.fixture
def visit(tmp_path):
    ended = start([sys.executable, "-c", VISIT], tmp_path, LECTERN_URL=ADDRESS, SECRET_KEY=KEY)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_every_answer_of_a_public_site_carries_the_headers(visit):
    always = [
        "max-age=31536000; includeSubDomains; preload",
        "nosniff",
        "strict-origin-when-cross-origin",
        "DENY",
        True,
    ]

    assert {name: headers[1:] for name, headers in visit["headers"].items() if name != "plain http"} == {
        name: always for name in visit["headers"] if name != "plain http"
    }
    assert {name: headers[0] for name, headers in visit["headers"].items()} == {
        "page": 200, "redirect to the log-in": 302, "nothing there": 404, "api": 401, "static file": 200,
        "no static file": 404, "foreign host": 400, "without token": 403, "not allowed": 405, "plain http": 301,
    }  # fmt: skip


def test_cookies_of_a_public_site_belong_to_its_host_alone(visit):
    assert visit["cookies"] == {"__Host-csrftoken": [True, True, "Lax", "/", ""]}
    assert visit["session"] == ["__Host-sessionid", True, True, "Lax"]
