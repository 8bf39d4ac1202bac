"""Every setting of Lectern. The environment decides through `config.environment`; README lists its variables."""

from config.environment import allowed_hosts, env, in_range, secret_key
from config.palette import LECTERN_GREEN
from config.settings.enum_names import ENUM_NAMES
from config.settings.files import *  # noqa: F403
from config.settings.files import BUCKET_ORIGINS
from config.settings.places import BASE_DIR, DATA_DIR
from config.settings.sources import *  # noqa: F403
from config.settings.work import *  # noqa: F403

PUBLIC_URL: str = env.str("LECTERN_URL", "")  # https address of a public site; empty on a machine of one's own
PUBLIC = PUBLIC_URL.startswith("https://")
SITE_URL: str = PUBLIC_URL or env.str("LECTERN_LOCAL_URL", "http://localhost:8000")  # what links in mails begin with

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = secret_key(DATA_DIR, public=bool(PUBLIC_URL))
ALLOWED_HOSTS = allowed_hosts(PUBLIC_URL)

INSTALLED_APPS = [
    "django_q",  # before core, which takes its admin pages out of reach
    "config",
    "core",
    "accounts",
    "media_library",
    "courses",
    "knowledge",
    "analytics",
    "unfold.apps.BasicAppConfig",  # before the admin: its templates win
    "unfold.contrib.filters",
    "config.apps.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "csp",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",  # before all that answer by themselves: static files and refusals carry it too
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.content_security_exceptions",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.LoginMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.OrganizationMiddleware",
    "core.middleware.refuse_nul",  # the last: its page is drawn like any other
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"  # of other people's tables; ours declare UUIDv7

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "accounts.context_processors.organization",
            ]
        },
    }
]

# Database: the one of DATABASE_URL, or the PostgreSQL that comes with the project.
CONNECTION = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
EMBEDDED_POSTGRES_DATA = DATA_DIR / "postgres"
if env.str("DATABASE_URL", ""):
    DATABASES = {"default": {**env.dj_db_url("DATABASE_URL"), **CONNECTION, "ENGINE": "core.database"}}
else:
    DATABASES = {"default": {"ENGINE": "core.embedded_postgres", "NAME": "lectern", "USER": "postgres", **CONNECTION}}

ROW_LEVEL_SECURITY = env.bool("ROW_LEVEL_SECURITY", True)  # PostgreSQL itself keeps organizations apart

# Rate limits count here, so all processes must see the same numbers.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.str("REDIS_URL")}
    if env.str("REDIS_URL", "")
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},  # 300 are Django's: a limit could be flushed out by opening others
    }
}  # fmt: skip

# Who is asking
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "accounts.backends.MembershipBackend",
    "accounts.backends.EmailBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if PUBLIC_URL else "none"  # no mail server on a machine of one's own
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # in the browser that signed up; elsewhere one logs in
ACCOUNT_EMAIL_NOTIFICATIONS = bool(PUBLIC_URL)  # a changed password or second factor is told by mail
ACCOUNT_MAX_EMAIL_ADDRESSES = 5
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # an open session is not enough to take an account over
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds
PASSWORD_RESET_TIMEOUT = 3600  # seconds a link of a reset mail opens, once
ACCOUNT_FORMS = {
    name: f"accounts.forms.account.{form}"
    for name, form in {
        "login": "LoginForm", "signup": "SignupForm", "add_email": "AddEmailForm", "set_password": "SetPasswordForm",
        "reauthenticate": "ReauthenticateForm", "reset_password": "ResetPasswordForm", "user_token": "UserTokenForm",
        "reset_password_from_key": "ResetPasswordKeyForm", "change_password": "ChangePasswordForm",
    }.items()
}  # fmt: skip
# Doors that strangers may try are counted by accounts.services.limits: for an account, never for an address alone,
# and in one statement. allauth's own limits stay where somebody is already logged in.
ACCOUNT_RATE_LIMITS = dict.fromkeys(("login", "login_failed", "signup", "reset_password", "reset_password_from_key"))
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Lectern"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds that the clock of a phone may be off
MFA_FORMS = {
    door: f"accounts.forms.account.{form}"
    for door, form in {"authenticate": "SecondFactorForm", "reauthenticate": "SecondFactorAgainForm"}.items()
}
MFA_REQUIRED_FOR_MAKERS = env.bool("MFA_REQUIRED_FOR_MAKERS", False)
KNOX_TOKEN_MODEL = "accounts.ApiToken"  # noqa: S105  (a model's name)
MIGRATION_MODULES = {"knox": None}  # its own table would stand empty: ours replaces it
REST_KNOX = {"TOKEN_TTL": None, "TOKEN_PREFIX": "lectern_", "AUTH_HEADER_PREFIX": "Token"}

# Invitations
INVITATION_DAYS = env.int("INVITATION_DAYS", 14)  # how long a link opens
INVITATIONS_A_DAY = env.int("INVITATIONS_A_DAY", 500)  # of one organization: it sends mail to people who did not ask

# Mail
EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", "console:")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(EMAIL_CONFIG.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Lectern <lectern@localhost>")
MAIL_KEPT_DAYS = env.int("MAIL_KEPT_DAYS", 30)  # in the outbox, without their content, after they were sent

# Personal data
DATA_EXPORT_DAYS = env.int("DATA_EXPORT_DAYS", 7)  # how long the file with somebody's data can be downloaded

# Language, time
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# Meaning, beside words: any OpenAI-compatible server. Neither key nor address: search is by words alone.
EMBEDDING_API_KEY = env.str("EMBEDDING_API_KEY", "") or env.str("OPENAI_API_KEY", "")
EMBEDDING_BASE_URL = env.str("EMBEDDING_BASE_URL", "")
EMBEDDING_MODEL = env.str("EMBEDDING_MODEL", "text-embedding-3-large")
EMBEDDING_PREVIOUS_API_KEY = env.str("EMBEDDING_PREVIOUS_API_KEY", "")  # while one moves from one provider to another
EMBEDDING_PREVIOUS_BASE_URL = env.str("EMBEDDING_PREVIOUS_BASE_URL", "")
LOCAL_EMBEDDING_MODEL = env.str("LOCAL_EMBEDDING_MODEL", "")  # of fastembed; goes before any server
LOCAL_EMBEDDING_FOLDER = env.str("LOCAL_EMBEDDING_FOLDER", "")  # where it lies; empty: where fastembed keeps them
# Passages, in words: what is found, quoted and embedded. The overlap is repeated from the one before.
PASSAGE_WORDS = env.int("PASSAGE_WORDS", 500, validate=in_range(min=50, max=2_000))
PASSAGE_OVERLAP = env.int("PASSAGE_OVERLAP", 50, validate=in_range(min=0, max=PASSAGE_WORDS // 2))

# Answers and drafts, by a language model of any OpenAI-compatible server. Neither key nor address: passages are quoted.
WRITER_API_KEY = env.str("WRITER_API_KEY", "") or env.str("OPENAI_API_KEY", "")
WRITER_BASE_URL = env.str("WRITER_BASE_URL", "")
ANSWER_MODEL = env.str("ANSWER_MODEL", "gpt-5.6-luna")
DRAFT_MODEL = env.str("DRAFT_MODEL", "") or ANSWER_MODEL
SEARCHES_A_MINUTE = env.int("SEARCHES_A_MINUTE", 120)  # of one person, by the API
QUESTIONS_A_DAY = env.int("QUESTIONS_A_DAY", 100)  # of one person
ANSWERS_AT_ONCE = env.int("ANSWERS_AT_ONCE", 30)  # open in one web process; each holds a thread, so fewer than it has

# Safety
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PUBLIC
CSRF_COOKIE_HTTPONLY = True  # as the session's is: scripts find the token in the page. Both are SameSite=Lax
DEVICE_COOKIE_NAME = "__Host-device" if PUBLIC else "device"
if PUBLIC:  # a browser takes these names from this host only, over TLS only: a neighbor cannot plant one
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SECURE_REDIRECT_EXEMPT = [r"^livez/$", r"^readyz/$"]  # probes stand inside, where nobody speaks TLS
SECURE_HSTS_SECONDS = 31_536_000 if PUBLIC else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PUBLIC
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"  # hosted players refuse to play without a referrer
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL.rstrip("/")] if PUBLIC_URL else []
CSRF_FAILURE_VIEW = "accounts.views.errors.form_expired"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "connect-src": ["'self'", *BUCKET_ORIGINS],  # uploads go straight into it
        "img-src": ["'self'", "data:", *BUCKET_ORIGINS],
        "media-src": ["'self'", "blob:", *BUCKET_ORIGINS],  # the player feeds segments through a blob
        "worker-src": ["'self'", "blob:"],
        "font-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.Token",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "core.api.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "accounts.api.schema.ScopedSchema",
    "DEFAULT_PARSER_CLASSES": [
        "core.parsers.JsonParser",
        "rest_framework.parsers.FormParser",
        "rest_framework.parsers.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "core.api.one_error_shape",
    "DEFAULT_THROTTLE_RATES": {"search": f"{SEARCHES_A_MINUTE}/min", "ask": "20/min"},
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lectern API",
    "DESCRIPTION": 'Courses, media, watching, search. Errors: `{"error": {"code", "message", "fields"}}`.',
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": ENUM_NAMES,
    "GET_LIB_DOC_EXCLUDES": "config.api_schema.not_told",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.api_schema.tell_refusals",
    ],
}

UNFOLD = {
    "SITE_TITLE": "Lectern",
    "SITE_HEADER": "Lectern",
    "SITE_SUBHEADER": "config.back_office.where",
    "SITE_SYMBOL": "menu_book",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "config.back_office.favicon"}],
    "SIDEBAR": {"navigation": "config.back_office.navigation"},
    "COLORS": {"primary": LECTERN_GREEN},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_tokens": {"()": "core.log_lines.WithoutTokens"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["without_tokens"]},
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {
        "django.request": {"level": "ERROR"},  # what is refused to somebody is no news for the operator
        "django.template": {"level": "INFO"},  # below, it writes down all that a page was given, secrets too
    },
}
