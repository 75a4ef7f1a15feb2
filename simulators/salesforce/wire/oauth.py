"""The token endpoint's form and answers."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class TokenForm(BaseModel):
    """What a client posts to sign in; which fields it needs depends on the grant type."""

    grant_type: str = ""
    client_id: str = ""
    client_secret: str = ""
    username: str = ""
    password: str = ""
    assertion: str = ""


def granted(
    access_token: str, instance_url: str, identity_url: str, issued_at: str, signature: str, scope: str
) -> dict[str, Any]:
    """The token reply. issued_at: milliseconds since 1970, as text."""
    return {
        "access_token": access_token,
        "signature": signature,
        "scope": scope,
        "instance_url": instance_url,
        "id": identity_url,
        "token_type": "Bearer",
        "issued_at": issued_at,
        "api_instance_url": instance_url,
    }


def denied(code: str, message: str) -> dict[str, str]:
    """A refused sign-in (status 400)."""
    return {"error": code, "error_description": message}
