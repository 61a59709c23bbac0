"""What allauth asks of Limber about second steps: words, and how secrets lie in the database."""

import base64
import hashlib
import secrets

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from runners.accounts.second_step.forms import SAID
from runners.web.visitor import client_of


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = SAID

    def get_totp_issuer(self) -> str:
        return "Limber"

    def encrypt(self, text: str) -> str:
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Where the host's secret is another one than then, a secret that nobody knows: no code is
        right until the step is taken away and set up anew."""
        try:
            return _keys().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:
        """Roughly the browser in which it was made."""
        return client_of(context.request)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Limber"}


def _keys() -> MultiFernet:
    """Of this Limber's secret, and of those it had before."""
    return MultiFernet(
        [_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    )


def _key(secret: str) -> Fernet:
    digest = hashlib.sha256(b"runners.accounts.second_step" + secret.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))
