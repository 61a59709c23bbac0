"""Settings of Limber. What differs between machines comes from the environment (`env.py`)."""

import sys
from pathlib import Path

import django_stubs_ext
from django.core.exceptions import ImproperlyConfigured

from config.env import Env
from config.private_files import close_to_others, files_of
from config.static_headers import of_a_static_file

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
DEBUG = env.debug
# What a running Limber writes: its SQLite file and the collected static files. A folder of its own
# that others may enter comes from an earlier version; one that the host names is the host's.
LOCAL_DIR = Path(env.text("LOCAL_DIR", default=str(BASE_DIR / ".local"))).resolve()
LOCAL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
if LOCAL_DIR == BASE_DIR / ".local":
    close_to_others([LOCAL_DIR])
# What every web host and every worker reads and writes: files that wait to be read, and what people
# take out. Several machines mount it from one place.
SHARED_DIR = Path(env.text("SHARED_DIR", default=str(LOCAL_DIR))).resolve()
SHARED_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
SECRET_KEY = env.required("SECRET_KEY", in_debug="only-for-trying-out-" + "x" * 40)
# The one before it still opens what was sealed with it: sessions, forms, keys of second steps.
SECRET_KEY_FALLBACKS = [secret for secret in (env.text("SECRET_KEY_BEFORE"),) if secret]
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", in_debug=["localhost", "127.0.0.1", "[::1]"])
# The start of every address in a mail. Commands need it; without it a page takes its own host.
SITE_URL = env.address("SITE_URL", in_debug="")
# Who runs this Limber and how to reach them: shown at /privacy/.
HOST_NAME = env.required("HOST_NAME", in_debug="the person who started it on this machine")
HOST_CONTACT = env.required("HOST_CONTACT", in_debug="nobody@localhost")
# Who may make an account: anybody (`open`), whoever was invited, or whoever has an address at one
# of some domains.
SIGN_UP_DOMAINS = env.mail_domains("SIGN_UP", unless=("open", "invited"))
SIGN_UP_IS_OPEN = env.text("SIGN_UP", default="open") == "open"
# Who may coach: anyone, or whom the host has approved.
COACHES_ARE_APPROVED = env.choice("COACHES", "anyone", "approved") == "approved"
# Who has to have a second step: `coaches`, `hosts`, both or nobody.
SECOND_STEP_FOR = env.some_of("SECOND_STEP_FOR", "coaches", "hosts")
# TLS may end at a proxy in front; only then is X-Forwarded-Proto to be believed.
BEHIND_PROXY = env.flag("BEHIND_PROXY", default=False)
# Where backups lie, and beside them the journal of what must not come back with one.
BACKUP_DIR = Path(env.text("BACKUP_DIR", default=str(LOCAL_DIR / "backups"))).resolve()
# Backups are encrypted for these; the private keys are never on this machine.
BACKUP_KEYS = env.age_keys("BACKUP_KEYS")
# Whoever sends it to /healthz reads what `manage.py doctor` says; others read ok or not.
HEALTH_TOKEN = env.text("HEALTH_TOKEN", default="")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",  # for its migrations: the sessions themselves are Limber's own rows
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "post_office",
    "template_partials",
    "runners",
    "guidance",
]

MIDDLEWARE = [
    "runners.web.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.ContentSecurityPolicyMiddleware",
    "config.middleware.PermissionsPolicyMiddleware",
    "config.readable.ReadableMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "runners.web.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "runners.web.body_limit.BodyLimitMiddleware",
    "config.middleware.LoginRequiredMiddleware",
    "runners.web.gone.GoneMiddleware",
    "runners.web.welcome.RunnerMiddleware",
    "runners.accounts.second_step.wanted.SecondStepMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "runners.accounts.known_devices.KnownDeviceMiddleware",
    "runners.web.rate_limits.RateLimitMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "runners.standing.open_warning",
                "runners.web.context.tabs",
            ],
            "builtins": [
                "django.templatetags.static",
                "django_htmx.templatetags.django_htmx",
                "template_partials.templatetags.partials",
                "runners.templatetags.check_ins",
                "runners.templatetags.words",
                "guidance.templatetags.guidance_words",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {
    "default": env.database("DATABASE_URL", default=f"sqlite:///{LOCAL_DIR / 'limber.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    close_to_others(files_of(str(DATABASES["default"]["NAME"])))
    # Writers wait for each other instead of failing, in seconds: a request has less, see
    # `runners/web/write_queue.py`. FULL because a save is answered only once it is on disk, also
    # if the power goes. What is deleted is overwritten, so that no file keeps what was erased.
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA mmap_size=134217728;"
            " PRAGMA journal_size_limit=27103364; PRAGMA cache_size=-8000;"
            " PRAGMA temp_store=MEMORY; PRAGMA secure_delete=ON;"
        ),
    }
else:
    # A bounded pool instead of one connection a thread. Named cursors break behind pgbouncer, which
    # does not hand `options` on either: `deploy/pgbouncer.ini` has it in its own way. A save waits
    # 5 s at most: who stands behind another one for the same row may wait for two locks in turn.
    # A server that is away is looked for every two seconds, and not more and more seldom.
    OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
    OPTIONS["pool"] = {"max_size": 8, "timeout": 5, "reconnect_timeout": 5}
    OPTIONS.setdefault("options", "-c lock_timeout=2500ms")
    DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = True
# PostgreSQL itself, where DATABASE_URL leads to pgbouncer: a dump is one session, and not many.
DIRECT_DATABASE = (
    env.database("DIRECT_DATABASE_URL", default="") if env.text("DIRECT_DATABASE_URL") else None
)
if DIRECT_DATABASE and DIRECT_DATABASE["ENGINE"] != DATABASES["default"]["ENGINE"]:
    raise ImproperlyConfigured("DIRECT_DATABASE_URL needs PostgreSQL, in DATABASE_URL too.")
# A streaming replica, from which runners read their own diary and trends.
if env.text("REPLICA_URL"):
    from config.replica_settings import settings_of  # which needs what SQLite does not

    REPLICA = env.database("REPLICA_URL", default="")
    if any("sqlite" in each["ENGINE"] for each in (REPLICA, DATABASES["default"])):
        raise ImproperlyConfigured("REPLICA_URL needs PostgreSQL, in DATABASE_URL too.")
    DATABASES["replica"] = settings_of(REPLICA)
    DATABASE_ROUTERS = ["config.replica.Router"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The one seam from logs to guidance: called after each change of a log, and for stale rows.
RENEW_STANDINGS = "guidance.standing.renew"
SAY = "guidance.saying.say"
MADE_WITH = "guidance.digest.made_with"
# What people take along: the tables of each app.
EXPORTED = ("runners.exports.logs.PARTS", "guidance.exports.PARTS")
EXPORT_CHECK = "guidance.exports.check"  # of what is taken back
# What was worked out for a page is kept in memory until something of it changes. Tests put rows in
# the database that no action counts.
KEEPS_ADVICE = True
# And the one from accounts: the calendar of a plan is read without signing in.
RENEW_PLAN_FEEDS = "guidance.plan.actions.renew_feeds"

AUTH_USER_MODEL = "runners.User"
AUTHENTICATION_BACKENDS = ["runners.accounts.backends.AccountBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "runners.accounts.passwords.HardToGuess"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "guidance:today"
LOGOUT_REDIRECT_URL = "runners:landing"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "runners.accounts.forms.SignInForm",
    "signup": "runners.accounts.forms.SignUpForm",
    "change_password": "runners.accounts.password_change.NewPasswordForm",
    "reset_password": "runners.accounts.password_reset.AskForLinkForm",
    "reset_password_from_key": "runners.accounts.password_reset.NewPasswordForm",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds; deleting an account asks for the password again
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_ADAPTER = "runners.accounts.after_sign_in.AccountAdapter"
# The second step: an app's code (of the half minute before or after, too), a passkey, or a code on
# paper.
MFA_ADAPTER = "runners.accounts.second_step.adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_FORMS = {
    "authenticate": "runners.accounts.second_step.forms.CodeForm",
    "activate_totp": "runners.accounts.second_step.forms.AppForm",
    "authenticate_webauthn": "runners.accounts.second_step.forms.UsePasskeyForm",
    "add_webauthn": "runners.accounts.second_step.forms.PasskeyForm",
}
# Limber counts for itself, in rows that nothing but time removes: `runners/web/rate_limits.py`.
ACCOUNT_RATE_LIMITS = False
# Amount, time and of whom; several with commas. Names of routes are allauth's, and count what is
# posted there. At sign-in a right password is given back, so that a club behind one address may
# come in on one evening; but for `always`, because to look at a password takes a processor a while.
RATE_LIMITS = {
    "sign_in": "5/5m/address,20/h/address,30/5m/network,120/m/network/always",
    "sign_in_on_known_device": "5/5m/device,20/h/device,30/m/device/always",
    "account_signup": "20/m/network",
    "second_step": "5/5m/address,20/h/address",
    "second_step_code": "1/90s/address",  # a code is right for three half minutes
    "account_reauthenticate": "10/m/user",
    "account_change_password": "5/m/user",
    "account_email": "10/m/user",
    "account_reset_password": "20/m/network",
    "reset_mail": "5/m/address",
    "account_reset_password_from_key": "20/m/network",
    "confirmation_mail": "1/3m/address",
    # A whole team may open its invitation on one network; nobody invites by hand more often.
    "open_invitation": "60/m/network",
    "send_invitation": "60/h/user",
    # A watch left in a drawer for a season is read in one evening.
    "read_file": "10/m/user,60/h/user",
    "bring_in": "20/h/user",
    "take_out": "10/h/user",
    "download_table": "20/m/user,120/h/user",
    "bring_in_part": "300/m/user",  # 20 MB a second
    "change_email": "10/h/user",
    "csp_report": "20/m/network",
}

EMAIL = env.email("EMAIL_URL")
# With mail an address must be confirmed, so that sign-up never tells who has an account. Without
# it nobody could read the confirmation, and an account works at once.
SENDS_MAIL = not str(EMAIL["EMAIL_BACKEND"]).endswith("console.EmailBackend")
if SIGN_UP_DOMAINS and not SENDS_MAIL and not DEBUG:
    raise ImproperlyConfigured(
        "SIGN_UP names mail domains, but without EMAIL_URL nobody shows that an address is theirs."
    )
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if SENDS_MAIL else "none"
MFA_ALLOW_UNVERIFIED_EMAIL = not SENDS_MAIL
# Every mail waits in the outbox for a process of its own to send it; without a mail server it is
# printed.
POST_OFFICE = {"BACKENDS": {"default": EMAIL["EMAIL_BACKEND"]}}
EMAIL_BACKEND = "runners.mail.outbox.OutboxBackend" if SENDS_MAIL else EMAIL["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = EMAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = bool(EMAIL.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(EMAIL.get("EMAIL_USE_SSL"))
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", default=HOST_CONTACT)

LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = LOCAL_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # a fresh clone has neither it nor the database
STATICFILES_DIRS = [BASE_DIR / "static"]
# `serve` has the collected files, hashed and compressed; `runserver` reads them where they lie.
HASHED_STATIC = env.flag("HASHED_STATIC", default=not DEBUG)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # What waits to be read, and what runners keep. Served by nothing.
    "imports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": SHARED_DIR / "imports",
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    # What people take out, for a few days.
    "exports": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": SHARED_DIR / "exports",
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "config.static_files.HashedStaticFiles"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not HASHED_STATIC
WHITENOISE_ADD_HEADERS_FUNCTION = of_a_static_file
WHITENOISE_MAX_AGE = 3600  # seconds, for the few addresses without a hash

# What one import may bring: so many bytes in one file, so many files. How much may lie here of one
# person, and how much of the disk has to stay free beside it.
IMPORT_MOST_BYTES = 2_000_000_000
IMPORT_MOST_FILES = 20_000
IMPORT_QUOTA = 5_000_000_000
IMPORT_DISK_STAYS_FREE = 1_000_000_000
# Where several workers can write at a time, an import is read in so many shares: one more for each
# of these bytes.
IMPORT_MOST_SHARES = 4
IMPORT_SHARE_BYTES = 10_000_000
# What a browser sends at once; `deploy/nginx.conf` lets as much through.
IMPORT_PART_BYTES = 4_000_000
DATA_UPLOAD_MAX_NUMBER_FILES = 500  # of an import; each is open until it is stored

# The largest file of a run: 25 MB of GPX or TCX, which most watches send as gzip.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "report-uri": ["/csp-reports/"],  # Firefox and Safari; others go by the next one
    "report-to": ["csp"],
}
REPORTING_ENDPOINTS = 'csp="/csp-reports/"'
# What no page may use, but for the two sensors on the pages of self-checks that measure an angle.
_SHUT = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
PERMISSIONS_POLICY = f"accelerometer=(), gyroscope=(), {_SHUT}"
PERMISSIONS_POLICY_OF_A_LEVEL = f"accelerometer=(self), gyroscope=(self), {_SHUT}"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Its rows say whose a session is; `Session.LONGEST` after the sign-in it ends in any case.
SESSION_ENGINE = "runners.models.sessions"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60  # seconds without any use
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "runners.web.error_views.csrf_failure"
if not DEBUG:
    MIDDLEWARE.insert(1, "config.middleware.HostCookiesMiddleware")
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    # These two promise something of the whole domain, on which others may have their sites: the
    # host says so, and Django's check is not to ask for it.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.flag("HSTS_SUBDOMAINS", default=False)
    SECURE_HSTS_PRELOAD = env.flag("HSTS_PRELOAD", default=False)
    if SECURE_HSTS_PRELOAD and not SECURE_HSTS_INCLUDE_SUBDOMAINS:
        raise ImproperlyConfigured("HSTS_PRELOAD needs HSTS_SUBDOMAINS=True: the lists demand it.")
    SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True
    # Rate limits count by the visitor's network, by the last address that the proxy notes.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# A line of JSON each; on the terminal of a machine that tries Limber out, one for people.
LOGS = {"handlers": ["console"], "propagate": False}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {"()": "runners.web.logs.Lines"},
        "for_a_terminal": {
            "()": "runners.web.logs.ForATerminal",
            "format": "%(levelname)s %(name)s: %(message)s",
        },
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "for_a_terminal" if DEBUG and sys.stderr.isatty() else "lines",
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "filters": {
        # What is refused has its line as every request has one; what the database cannot do is
        # said once a minute.
        "faults_of_ours": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: (
                (status := getattr(record, "status_code", 500)) >= 500 and status != 503
            ),
        }
    },
    "loggers": {
        "django.request": {"filters": ["faults_of_ours"]},
        "django": {**LOGS, "level": "INFO"},
        "django.server": {**LOGS, "level": "INFO"},
        # Without a handler it would set up the logs of the whole process in its own way.
        "post_office": {**LOGS, "level": "WARNING"},
        "_granian": {**LOGS, "level": "ERROR"},  # what a view raises while its answer is sent
    },
}
