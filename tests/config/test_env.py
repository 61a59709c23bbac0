import pytest
from django.core.exceptions import ImproperlyConfigured

from config.env import Env


@pytest.mark.parametrize("value", ["yes", "true", "1", "on", "", " True"])
def test_flag_refuses_what_is_unclear(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DEBUG must be True or False"):
        Env({"DEBUG": value})


@pytest.mark.parametrize(("value", "flag"), [("True", True), ("False", False)])
def test_flag_reads_true_and_false(value: str, flag: bool) -> None:
    assert Env({"DEBUG": value}).debug is flag


def test_debug_is_off_by_default() -> None:
    assert Env({}).debug is False


def test_required_is_optional_while_trying_out() -> None:
    assert Env({"DEBUG": "True"}).required("SECRET_KEY", in_debug="dull") == "dull"


@pytest.mark.parametrize(
    "variables",
    [{}, {"SECRET_KEY": ""}, {"SECRET_KEY": "  "}, {"DEBUG": "True", "SECRET_KEY": ""}],
)
def test_required_is_missing_or_empty(variables: dict[str, str]) -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY is not set"):
        Env(variables).required("SECRET_KEY", in_debug="dull")


def test_names_are_split_at_commas() -> None:
    env = Env({"ALLOWED_HOSTS": "limber.example, www.limber.example,"})
    assert env.names("ALLOWED_HOSTS", in_debug=[]) == ["limber.example", "www.limber.example"]


def test_names_of_commas_alone_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="ALLOWED_HOSTS"):
        Env({"ALLOWED_HOSTS": " , "}).names("ALLOWED_HOSTS", in_debug=[])


def test_address_of_a_site_is_kept_without_its_last_slash() -> None:
    env = Env({"SITE_URL": "https://limber.example:8443/"})
    assert env.address("SITE_URL", in_debug="dull") == "https://limber.example:8443"


def test_address_of_a_site_may_be_missing() -> None:
    assert Env({}).address("SITE_URL", in_debug="http://127.0.0.1:8000") == ""
    trying_out = Env({"DEBUG": "True"})
    assert trying_out.address("SITE_URL", in_debug="http://127.0.0.1:8000") == (
        "http://127.0.0.1:8000"
    )


@pytest.mark.parametrize(
    "address",
    [
        "limber.example",
        "http://limber.example",  # production answers over TLS alone
        "https://",
        "https://limber.example/app",
        "https://limber.example?x=1",
        "https://limber.example https://other.example",
    ],
)
def test_address_of_a_site_that_is_unclear_is_refused(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SITE_URL must look like https://"):
        Env({"SITE_URL": address}).address("SITE_URL", in_debug="dull")


def test_database_keeps_the_options_of_an_address() -> None:
    env = Env({"DATABASE_URL": "postgres://limber:s%40crets@/limber?host=/run/postgresql"})
    database = env.database("DATABASE_URL", default="sqlite:///ignored")
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert database["PASSWORD"] == "s@crets"
    assert database["OPTIONS"] == {"host": "/run/postgresql"}


def test_database_default_is_used() -> None:
    database = Env({}).database("DATABASE_URL", default="sqlite:////var/lib/limber/data.sqlite3")
    assert database["NAME"] == "/var/lib/limber/data.sqlite3"


def test_database_of_another_kind_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL must start with"):
        Env({"DATABASE_URL": "mysql://limber@db/limber"}).database("DATABASE_URL", default="")


def test_email_is_printed_by_default() -> None:
    backend = Env({}).email("EMAIL_URL")["EMAIL_BACKEND"]
    assert backend == "django.core.mail.backends.console.EmailBackend"


def test_email_address_is_read() -> None:
    email = Env({"EMAIL_URL": "smtp+tls://limber:word@mail.example:587"}).email("EMAIL_URL")
    assert email["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (email["EMAIL_HOST"], email["EMAIL_PORT"]) == ("mail.example", 587)
    assert email["EMAIL_USE_TLS"] is True


def test_email_without_a_scheme_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL must look like"):
        Env({"EMAIL_URL": "mail.example"}).email("EMAIL_URL")


def test_a_word_is_one_of_those_that_there_are() -> None:
    assert Env({}).choice("COACHES", "anyone", "approved") == "anyone"
    assert Env({"COACHES": "approved"}).choice("COACHES", "anyone", "approved") == "approved"
    with pytest.raises(ImproperlyConfigured, match="COACHES must be anyone or approved"):
        Env({"COACHES": "Approved"}).choice("COACHES", "anyone", "approved")


@pytest.mark.parametrize("word", ["open", "invited"])
def test_a_word_names_no_mail_domain(word: str) -> None:
    assert Env({"SIGN_UP": word}).mail_domains("SIGN_UP", unless=("open", "invited")) == []


def test_mail_domains_are_read_as_people_write_them() -> None:
    env = Env({"SIGN_UP": "@Club.Example, club.example.org"})
    assert env.mail_domains("SIGN_UP", unless=("open",)) == ["club.example", "club.example.org"]


@pytest.mark.parametrize(
    "value", ["", "Open", "closed", "club.example,", "a@b.example", "club .de"]
)
def test_what_is_no_mail_domain_is_refused(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="SIGN_UP must be open, invited or domains"):
        Env({"SIGN_UP": value}).mail_domains("SIGN_UP", unless=("open", "invited"))
