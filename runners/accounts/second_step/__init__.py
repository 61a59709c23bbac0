"""The second step of a sign-in: an app's code, a passkey, or a code on paper. By allauth."""
