"""The two demo accounts that can sign in, while DEBUG is on."""

from runners.models import User

EMAIL = "ana@example.org"
COACH_EMAIL = "kit@example.org"
PASSWORD = "one-leg-at-a-time"  # noqa: S105  # public: demo accounts work only while DEBUG is on


def is_empty() -> bool:
    return not User.objects.exists()


def demo_account(email: str) -> User | None:
    return User.objects.filter(email=email, is_demo=True).first()
