from runners.models.coaching import (
    AccessRecord,
    AthletePage,
    CoachApproval,
    CoachLink,
    Invitation,
    InvitationKind,
    Note,
    Shared,
    Team,
)
from runners.models.digests import Digest
from runners.models.exports import Export, ExportState
from runners.models.imports import (
    Became,
    Import,
    ImportFile,
    ImportPart,
    ImportRow,
    ImportShare,
    ImportState,
)
from runners.models.logs import CheckIn, Run, RunKind, SorenessEntry
from runners.models.people import Consent, EmailChange, User
from runners.models.reminders import Reminder
from runners.models.security import SecurityEvent, SecurityEventKind
from runners.models.sessions import Session
from runners.models.sharing_changes import SharingChange
from runners.models.standing import SharedStanding, Standing
from runners.models.tries import Tries

__all__ = [
    "AccessRecord",
    "AthletePage",
    "Became",
    "CheckIn",
    "CoachApproval",
    "CoachLink",
    "Consent",
    "Digest",
    "EmailChange",
    "Export",
    "ExportState",
    "Import",
    "ImportFile",
    "ImportPart",
    "ImportRow",
    "ImportShare",
    "ImportState",
    "Invitation",
    "InvitationKind",
    "Note",
    "Reminder",
    "Run",
    "RunKind",
    "SecurityEvent",
    "SecurityEventKind",
    "Session",
    "Shared",
    "SharedStanding",
    "SharingChange",
    "SorenessEntry",
    "Standing",
    "Team",
    "Tries",
    "User",
]
