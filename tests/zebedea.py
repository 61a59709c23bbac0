"""Somebody with a row in every table of Limber, and a file in every folder: Zebedea."""

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.test import Client

from guidance.models import Answer, FlagAnswer, Screen, ScreenResult
from runners import standing
from runners.mail import outbox
from runners.models import (
    AccessRecord,
    AthletePage,
    CoachApproval,
    Digest,
    EmailChange,
    Export,
    Import,
    ImportFile,
    ImportPart,
    ImportRow,
    ImportShare,
    InvitationKind,
    Reminder,
    SharingChange,
    Team,
    User,
)
from runners.models.coaching import SWITCHES
from runners.models.digests import DigestKind
from runners.models.exports import export_storage
from runners.models.imports import Became, import_storage
from tests.factories import (
    PASSWORD,
    TODAY,
    make_check_result,
    make_done,
    make_invitation,
    make_link,
    make_note,
    make_plan,
    make_run,
    make_soreness,
    make_suggestion,
    make_user,
)

WORD = "quinquangular"  # in all that she writes, and in all that is written about her
ANSWER = f"{WORD} bone"  # to a question, of whose answers people choose one
NAME, ADDRESS = "Zebedea Quillfeather", "zebedea.q@example.org"


def make_zebedea() -> User:
    """As runner and as coach. Mail has to go into the outbox meanwhile."""
    her, kit = make_user(NAME, email=ADDRESS, is_coach=True), make_user("Kit Marlow", is_coach=True)
    EmailAddress.objects.create(user=her, email=ADDRESS, verified=True, primary=True)
    _logs(her)
    for coach, athlete in ((kit, her), (her, kit)):
        team = Team.objects.create(coach=coach, name=WORD if coach == her else "Thursdays")
        link = make_link(coach, athlete, team=team)
        note = make_note(coach, athlete, text=WORD)
        make_note(coach, athlete, text=f"{WORD}!", author=athlete, answers=note)
        make_note(coach, athlete, text=NAME, is_private=True)
        make_suggestion(coach, athlete)
        page = AthletePage.OVERVIEW
        AccessRecord.objects.create(coach=coach, athlete=athlete, page=page, day=TODAY)
        off, on = ({name: [is_on, None] for name in SWITCHES} for is_on in (False, True))
        SharingChange.objects.create(link=link, day=TODAY, by=her, before=off, after=on)
        make_invitation(coach, InvitationKind.COACH, email=ADDRESS)
        outbox.queue(EmailMessage(f"About {NAME}", WORD, to=[coach.email]))
    Digest.objects.create(user=her, kind=DigestKind.RUNNER, week=TODAY)
    Reminder.objects.create(runner=her, at=dt.time(6))
    CoachApproval.objects.create(person=her)
    EmailChange.objects.create(user=her, email=f"new.{ADDRESS}", token="a" * 64)
    outbox.queue(EmailMessage("Yours", WORD, to=[ADDRESS]))
    _files(her)
    standing.renew([her, kit])
    for client in (Client(), Client()):
        client.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD})
    TOTP.activate(her, "JBSWY3DPEHPK3PXP")
    return her


def _logs(her: User) -> None:
    make_run(her, note=WORD)
    make_soreness(her, note=WORD)
    make_check_result(her)
    make_done(make_plan(her))
    Answer.objects.create(runner=her, question="ask:spot", value=ANSWER, day=TODAY)
    screen = Screen.objects.create(runner=her, result=ScreenResult.SOME, day=TODAY)
    FlagAnswer.objects.create(screen=screen, flag="flag:night_pain", yes=True)


def _files(her: User) -> None:
    text = ContentFile(f"{WORD} of {NAME}".encode())
    brought = Import.objects.create(runner=her, size=3, now=WORD, keeps_files=True)
    stored = import_storage().save("one", text)
    ImportFile.objects.create(brought=brought, name=WORD, stored=stored, size=3)
    stored = import_storage().save("two", text)
    ImportPart.objects.create(brought=brought, number=0, stored=stored, size=3)
    ImportShare.objects.create(brought=brought, number=0)
    ImportRow.objects.create(brought=brought, position=0, file=WORD, became=Became.LEFT_OUT)
    Export.objects.create(person=her, stored=export_storage().save("three", text), size=3)
