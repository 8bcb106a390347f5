"""Settings of every deployment; deployments differ by environment variables alone (.env.example lists them)."""

from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from config.languages import LANGUAGES as LANGUAGES
from config.secrets import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

PRODUCTION: bool = env.bool("COLLOQUY_PRODUCTION", default=False)
DEBUG: bool = env.bool("DEBUG", default=False)
VAR_DIR = Path(env.str("COLLOQUY_VAR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
SECRET_KEY = secret_key(env.str("SECRET_KEY", default=""), production=PRODUCTION, folder=VAR_DIR)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG shows internals to visitors: unset it, or unset COLLOQUY_PRODUCTION.")

# The machine itself may always ask: health checks do.
ALLOWED_HOSTS: list[str] = [*env.list("ALLOWED_HOSTS", default=[]), "localhost", "127.0.0.1", "[::1]"]
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "config",
    "analysis",
    "interviewer",
    "surveys",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
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
            ],
        },
    }
]
LOGIN_URL = "admin:login"

# --- Data -----------------------------------------------------------------------------------------------------------


def database() -> dict[str, Any]:
    url = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'colloquy.sqlite3'}"
    config: dict[str, Any] = dict(env.db_url_config(url))
    if config["ENGINE"] == "django.db.backends.sqlite3":
        config["CONN_MAX_AGE"] = None
        config["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        }
        config["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
    else:
        # The pool keeps connections open; it replaces CONN_MAX_AGE, which must then be 0.
        config["CONN_MAX_AGE"] = 0
        # After a restart of the database every connection in the pool is dead: each is tried before it is used, and one that fails is replaced.
        config["CONN_HEALTH_CHECKS"] = True
        # Without a limit of seconds the pool waits minutes between attempts to reach a database that was away for long.
        pool = {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=12), "timeout": 20, "reconnect_timeout": 8}
        config["OPTIONS"] = {"pool": pool}
    return config


DATABASES = {"default": database()}
REDIS_URL: str = env.str("REDIS_URL", default="")
CHANNEL_LAYERS: dict[str, Any] = {
    "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}}
    if REDIS_URL
    else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
}

# --- Background work ------------------------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A task lost with its worker comes back after this many seconds; longer than any task may run.
CELERY_TASK_TIME_LIMIT = 900
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1200,
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
    "socket_timeout": 10,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
ANALYSIS_SWEEP_SECONDS: int = env.int("ANALYSIS_SWEEP_SECONDS", default=60)
# How long a turn stays with a web server that has stopped renewing its lease.
INTERVIEW_LEASE_SECONDS: int = env.int("INTERVIEW_LEASE_SECONDS", default=20)
# How long an interview stays with a worker that has stopped renewing its lease.
ANALYSIS_LEASE_SECONDS: int = env.int("ANALYSIS_LEASE_SECONDS", default=120)
# The most live interviews at once in this deployment, 0 for no limit; live is a running one with a turn in the last minutes.
ADMISSION_LIVE: int = env.int("ADMISSION_LIVE", default=0)
ADMISSION_LIVE_MINUTES: int = env.int("ADMISSION_LIVE_MINUTES", default=10)
# How long a participant who is silent keeps their place in the quotas.
QUOTA_HOLD_MINUTES: int = env.int("QUOTA_HOLD_MINUTES", default=30)
# How often runs are looked after, and how many tasks work on a live run at once: as many as there are worker processes for it.
ANALYSIS_TEND_SECONDS: int = env.int("ANALYSIS_TEND_SECONDS", default=30)
ANALYSIS_RUN_TASKS: int = env.int("ANALYSIS_RUN_TASKS", default=2)
# Where exported files are kept, by web and workers alike, and for how many days.
EXPORTS_DIR = Path(env.str("COLLOQUY_EXPORTS", default=str(VAR_DIR / "exports")))
EXPORTS_DAYS: int = env.int("EXPORTS_DAYS", default=7)
CELERY_BEAT_SCHEDULE = {
    "settle interviews that have ended": {"task": "interviewer.tasks.settle_finished", "schedule": 60},
    "give back places nobody uses": {"task": "surveys.tasks.release_places", "schedule": 60},
    "analyse what was left behind": {"task": "analysis.tasks.sweep", "schedule": ANALYSIS_SWEEP_SECONDS},
    "move runs on": {"task": "analysis.tasks.tend_runs", "schedule": ANALYSIS_TEND_SECONDS},
    "tell of safety alerts that nobody was told of": {"task": "interviewer.tasks.tell_of_alerts_left_behind", "schedule": 300},
    "send the invitations and reminders that are due": {"task": "surveys.tasks.send_due_mail", "schedule": 60},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")

# --- Language models ------------------------------------------------------------------------------------------------

# US dollars per million tokens, added to the table in llm/usage.py: {"model-prefix": ["input", "output"]}.
LLM_PRICES: dict[str, Any] = env.json("LLM_PRICES", default={})
ANTHROPIC_API_KEY: str = env.str("ANTHROPIC_API_KEY", default="")
LLM = {
    # "anthropic" or "offline"; without a key the program runs offline.
    "backend": env.str("LLM_BACKEND", default="anthropic" if ANTHROPIC_API_KEY else "offline"),
    "api_key": ANTHROPIC_API_KEY,
    "base_url": env.str("ANTHROPIC_BASE_URL", default=""),
    "interviewer": env.str("LLM_INTERVIEWER_MODEL", default="claude-sonnet-5-5"),
    "analyst": env.str("LLM_ANALYST_MODEL", default="claude-sonnet-5-5"),
    "max_concurrency": env.int("LLM_MAX_CONCURRENCY", default=50),
    "timeout": env.float("LLM_TIMEOUT_SECONDS", default=60.0),
    "max_retries": env.int("LLM_MAX_RETRIES", default=3),
    "batch_arrives": env.float("LLM_BATCH_ARRIVES_SECONDS", default=900),  # a batch its server does not have by then is sent again
}

# --- E-mail ---------------------------------------------------------------------------------------------------------

# Without it nothing is sent: what the program would send is printed.
EMAIL_URL: str = env.str("EMAIL_URL", default="")
vars().update(env.email_url_config(EMAIL_URL or "consolemail://"))
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="colloquy@localhost")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Where people reach the program: what links in e-mails begin with.
PUBLIC_URL: str = env.str("PUBLIC_URL", default="").rstrip("/")
INVITATIONS_PER_MINUTE: int = env.int("INVITATIONS_PER_MINUTE", default=60)

# --- Languages ------------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"

# --- Static files ---------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

# --- Security -------------------------------------------------------------------------------------------------------

HTTPS: bool = env.bool("COLLOQUY_HTTPS", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
# A participant's link is a credential: it must not travel in a Referer header.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"without tokens": {"()": "config.logs.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["without tokens"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django": {"handlers": []}, "httpx2": {"level": "WARNING"}, "anthropic": {"level": "WARNING"}},
}
