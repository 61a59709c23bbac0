"""Which passwords are taken: those that nobody guesses soon."""

import re
from itertools import pairwise

from django.conf import settings
from django.core.exceptions import ValidationError

from runners.models import User

# Of zxcvbn's scores, from 0 to 4: more than a hundred million guesses.
HARD_ENOUGH = 3
# What is longer is judged by its beginning: the time that judging takes grows with the length.
JUDGED = 72
OF_LIMBER = ("limber", "runner", "running", "hamstring", "coach", "diary", "check-in")


class HardToGuess:
    """No common password, no keyboard walk, date or repetition, and nothing of this place.

    By the lists and rules of zxcvbn, which lie here: nothing is asked of anybody. Beside them
    count the words of Limber, the name of its host and what the account says of the person.
    """

    def validate(self, password: str, user: User | None = None) -> None:
        from zxcvbn import zxcvbn  # 13 MB of lists, needed where a password is chosen

        judged = zxcvbn(password[:JUDGED], user_inputs=words_near(user))
        if judged["score"] < HARD_ENOUGH:
            raise ValidationError(
                "This password is easy to guess. Four words that have nothing to do with each"
                " other are a good one.",
                code="easy_to_guess",
            )

    def get_help_text(self) -> str:
        return ""


def words_near(user: User | None) -> list[str]:
    """What somebody would try first here: single words, and two beside each other as one."""
    told = [settings.HOST_NAME, *settings.ALLOWED_HOSTS]
    if user is not None:
        told += [user.name, user.email, user.email.partition("@")[0]]
    found = [*OF_LIMBER, *told]
    for text in told:
        words = re.findall(r"[^\W_]{3,}", text)
        found += [*words, *(f"{one}{other}" for one, other in pairwise(words))]
    return [word.lower() for word in found if word]
