"""Who may log in: stock fakesnow lets everyone in.

Codes and messages are what Snowflake is known to answer; a real account was not asked.
"""

import base64
import hashlib
import time

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

WRONG_PASSWORD = ("390100", "Incorrect username or password was specified.")
WRONG_KEY = ("390144", "JWT token is invalid.")
WRONG_TOKEN = ("390303", "Invalid OAuth access token.")
EXPIRED_TOKEN = ("390318", "OAuth access token expired.")
UNKNOWN_ROLE = (
    "390189",
    "Role '{}' specified in the connect string does not exist or not authorized.",
)


class Logins:
    """`users`: {password?, publicKey? (PEM), error? [code, message]} by name; tokens: accepted and expired; roles."""

    def __init__(self, users, tokens, expired_tokens, roles):
        self.users = {name.upper(): user for name, user in users.items()}
        self.tokens = tokens
        self.expired_tokens = expired_tokens
        self.roles = roles

    def refusal(self, data, role):
        """None when the login is right, else its code and message."""
        error = self.wrong_credentials(data)
        if error is None and self.roles is not None and role is not None and role.upper() not in self.roles:
            return (UNKNOWN_ROLE[0], UNKNOWN_ROLE[1].format(role))
        return error

    def wrong_credentials(self, data):
        kind = (data.get("AUTHENTICATOR") or "SNOWFLAKE").upper()
        if kind == "OAUTH":
            if data.get("TOKEN") in self.expired_tokens:
                return EXPIRED_TOKEN
            return None if data.get("TOKEN") in self.tokens else WRONG_TOKEN
        name = (data.get("LOGIN_NAME") or "").upper()
        user = self.users.get(name, {})
        if "error" in user:
            return tuple(user["error"])
        if kind == "SNOWFLAKE_JWT":
            return None if "publicKey" in user and is_signed(data.get("TOKEN"), name, user["publicKey"]) else WRONG_KEY
        return None if user.get("password", object()) == data.get("PASSWORD") else WRONG_PASSWORD


def is_signed(token, user, pem):
    """A real check of signature, lifetime, subject and the issuer's key fingerprint."""
    try:
        # The Node driver writes its times in milliseconds; PyJWT takes seconds only.
        unchecked = {"verify_iat": False, "verify_exp": False}
        claims = jwt.decode(token or "", pem, algorithms=["RS256"], options=unchecked)
    except jwt.InvalidTokenError:
        return False
    expires = claims["exp"] / (1_000 if claims["exp"] > 1e11 else 1)
    public = load_pem_public_key(pem.encode()).public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    fingerprint = "SHA256:" + base64.b64encode(hashlib.sha256(public).digest()).decode()
    return expires > time.time() and claims["iss"].endswith(f".{fingerprint}") and claims["sub"].endswith(f".{user}")
