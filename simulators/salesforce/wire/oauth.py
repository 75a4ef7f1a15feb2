"""The token endpoint's form and answers."""

from __future__ import annotations

from collections.abc import Mapping
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
    refresh_token: str = ""
    code: str = ""
    redirect_uri: str = ""
    code_verifier: str = ""
    client_assertion: str = ""


class TokenOnly(BaseModel):
    """What a client posts to ask about a token, or to end it."""

    token: str = ""
    token_type_hint: str = ""
    client_id: str = ""
    client_secret: str = ""


def granted(
    access_token: str,
    instance_url: str,
    identity_url: str,
    issued_at: str,
    signature: str,
    scope: str,
    refresh_token: str = "",
) -> dict[str, Any]:
    """The token reply. issued_at: milliseconds since 1970, as text; refresh_token: only where one is
    granted."""
    refresh = {"refresh_token": refresh_token} if refresh_token else {}
    return {
        "access_token": access_token,
        **refresh,
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


def user_urls(base: str, organization: str, user: str) -> dict[str, str]:
    """Where the org's interfaces are; {version} is for the client to fill in."""
    soap, rest = f"{base}/services/Soap", f"{base}/services/data/v{{version}}"
    return {
        "enterprise": f"{soap}/c/{{version}}/{organization}",
        "metadata": f"{soap}/m/{{version}}/{organization}",
        "partner": f"{soap}/u/{{version}}/{organization}", "rest": f"{rest}/",
        "sobjects": f"{rest}/sobjects/",
        "search": f"{rest}/search/", "query": f"{rest}/query/", "recent": f"{rest}/recent/",
        "tooling_soap": f"{soap}/T/{{version}}/{organization}", "tooling_rest": f"{rest}/tooling/",
        "profile": f"{base}/{user}", "custom_domain": base,
    }  # fmt: skip


def identity(base: str, organization: str, user: Mapping[str, Any]) -> dict[str, Any]:
    """The identity URL's answer."""
    key = user["Id"]
    return {
        "id": f"{base}/id/{organization}/{key}", "asserted_user": True, "user_id": key,
        "organization_id": organization, "username": user["Username"], "nick_name": user["Alias"],
        "display_name": user["Name"], "email": user["Email"], "email_verified": True,
        "first_name": user["FirstName"], "last_name": user["LastName"], "timezone": user["TimeZoneSidKey"],
        "photos": {}, "addr_street": None, "addr_city": None, "addr_state": None, "addr_country": None,
        "addr_zip": None, "mobile_phone": None, "mobile_phone_verified": False,
        "is_lightning_login_user": False,
        "status": {"created_date": None, "body": None}, "urls": user_urls(base, organization, key),
        "active": user["IsActive"], "user_type": "STANDARD", "language": user["LanguageLocaleKey"],
        "locale": user["LocaleSidKey"], "utcOffset": 0, "last_modified_date": user["LastModifiedDate"],
        "is_app_installed": True,
    }  # fmt: skip


def user_info(base: str, organization: str, user: Mapping[str, Any]) -> dict[str, Any]:
    """The OpenID user info."""
    key = user["Id"]
    return {
        "sub": f"{base}/id/{organization}/{key}", "user_id": key, "organization_id": organization,
        "preferred_username": user["Username"], "nickname": user["Alias"], "name": user["Name"],
        "email": user["Email"], "email_verified": True, "given_name": user["FirstName"],
        "family_name": user["LastName"], "zoneinfo": user["TimeZoneSidKey"], "photos": {},
        "profile": f"{base}/{key}", "picture": None, "address": {}, "is_salesforce_integration_user": False,
        "urls": user_urls(base, organization, key), "active": user["IsActive"], "user_type": "STANDARD",
        "language": user["LanguageLocaleKey"], "locale": user["LocaleSidKey"], "utcOffset": 0,
        "updated_at": user["LastModifiedDate"],
    }  # fmt: skip
