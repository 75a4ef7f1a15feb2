"""simple-salesforce, unmodified, sent to the mock: an adapter on https:// turns scheme and host around."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from simple_salesforce import Salesforce

from scenarios.sandboxes import Sandboxes


class ToSandbox(HTTPAdapter):
    """Every https:// call goes to the sandbox instead, whatever host it names."""

    def __init__(self, base_url: str) -> None:
        super().__init__(pool_maxsize=20)
        self._base = urlsplit(base_url)

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        parts = urlsplit(request.url or "")
        where = (self._base.scheme, self._base.netloc, parts.path, parts.query, parts.fragment)
        request.url = urlunsplit(where)
        request.headers.pop("Host", None)
        return super().send(request, *args, **kwargs)


def session(lab: Sandboxes) -> requests.Session:
    """A session whose https:// is the sandbox."""
    own = requests.Session()
    own.trust_env = False
    own.mount("https://", ToSandbox(lab.url("salesforce")))
    return own


def connect(lab: Sandboxes, **more: Any) -> Salesforce:
    """Signed in with username, password and connected app."""
    secrets = lab.credentials("salesforce")
    return Salesforce(
        username=secrets["username"], password=secrets["password"], consumer_key=secrets["client_id"],
        consumer_secret=secrets["client_secret"], session=session(lab), **more,
    )  # fmt: skip


def advance(lab: Sandboxes, seconds: float) -> None:
    """Move the mock's clock on."""
    lab.control("salesforce", "POST", "clock", {"advance": round(seconds * 1_000_000)})
