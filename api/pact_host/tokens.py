"""Access tokens: a client and until when, signed with the client's secret.

Nothing is kept, so that every worker process knows the tokens of the others, and a secret that
is changed or taken away takes its tokens along.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from urllib.parse import unquote_plus

from pydantic import SecretStr

LIFETIME_SECONDS = 3600
_PURPOSE = b"PACT access token\n"  # a signature for anything else is none of a token
_NOBODY = SecretStr(secrets.token_urlsafe())  # whom strangers are compared with, as long as others


class InvalidToken(Exception):
    """A token that this service has not issued, or not to one who is still a client."""


class ExpiredToken(Exception):
    """A token whose time is over."""


def known_client(authorization: str, clients: Mapping[str, SecretStr]) -> str | None:
    """Return the client that an Authorization header of HTTP Basic (RFC 7617) names and proves.

    Names and secrets are form-encoded in it (RFC 6749, 2.3.1).
    """
    scheme, _, encoded = authorization.partition(" ")
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    name, _, secret = (unquote_plus(part) for part in decoded.partition(":"))
    expected = clients.get(name, _NOBODY).get_secret_value()
    is_known = hmac.compare_digest(secret.encode(), expected.encode()) and name in clients
    return name if is_known and scheme.lower() == "basic" else None


def issue_token(client: str, clients: Mapping[str, SecretStr], *, now: float) -> str:
    """Return a token of a client that ends an hour from now [s since 1970].

    Examples
    --------
    >>> clients = {"buyer": SecretStr("s" * 32)}
    >>> check_token(issue_token("buyer", clients, now=0.0), clients, now=3599.0)
    'buyer'
    """
    claims = f"{client}.{int(now) + LIFETIME_SECONDS}"
    return f"{claims}.{_signature(claims, clients[client])}"


def check_token(token: str, clients: Mapping[str, SecretStr], *, now: float) -> str:
    """Return the client of a token.

    Raises
    ------
    InvalidToken
        If it is not one of this service.
    ExpiredToken
        If it was.
    """
    claims, _, signature = token.rpartition(".")
    client, _, until = claims.partition(".")
    expected = _signature(claims, clients.get(client, _NOBODY))
    if not hmac.compare_digest(signature.encode(), expected.encode()) or client not in clients:
        raise InvalidToken
    if int(until) <= now:
        raise ExpiredToken
    return client


def _signature(claims: str, secret: SecretStr) -> str:
    message = _PURPOSE + claims.encode()
    digest = hmac.new(secret.get_secret_value().encode(), message, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
