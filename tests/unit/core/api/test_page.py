"""The operators' page: static, without data, loading nothing from elsewhere; and what it asks for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import core.api.page
from tests.unit.core.api.client import Client, asked

ASSETS = Path(core.api.page.__file__).parent / "assets"
FILES = sorted(path.name for path in ASSETS.iterdir())


def policy_of(headers: dict[str, str]) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in headers["content-security-policy"].split(";"))
    return {name: values for name, _, values in parts}


def test_the_page_is_for_anybody_and_may_load_only_its_own_files():
    async def story(client: Client):
        return await client("GET", "/", token=None)

    answer = asked(story)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = policy_of(answer.headers)
    assert policy.pop("default-src") == "'none'"
    assert {policy.pop(kind) for kind in ("script-src", "style-src", "img-src", "connect-src")} == {"'self'"}
    assert set(policy.values()) == {"'none'"}
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_served_with_its_type_and_names_nothing_from_elsewhere(name):
    async def story(client: Client):
        return await client("GET", f"/page/{name}", token=None)

    answer = asked(story)
    kinds = {".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml"}
    assert answer.status == 200
    assert answer.headers["content-type"].startswith(kinds[Path(name).suffix])
    text = answer.body.decode()
    assert set(re.findall(r"https?://[^\s\"'<>]+", text)) <= {"http://www.w3.org/2000/svg"}
    # Its policy would refuse them: what is written into the markup itself.
    assert not re.search(r"\son\w+=|\sstyle=|<script>|<style|innerHTML|javascript:|eval\(", text)


def test_what_a_file_loads_is_there():
    loaded = set()
    for name in FILES:
        text = (ASSETS / name).read_text()
        loaded |= {found.rpartition("/")[2] for found in re.findall(r'from "(\./[^"]+)"', text)}
        loaded |= set(re.findall(r'"/page/([^"]+)"', text))
    assert loaded >= {"main.js", "page.css", "icon.svg"}
    assert loaded <= set(FILES)


def test_what_the_scripts_look_for_is_in_the_markup():
    ids = set(re.findall(r'\sid="([^"]+)"', (ASSETS / "index.html").read_text()))
    wanted = set()
    for path in ASSETS.glob("*.js"):
        wanted |= set(re.findall(r'(?:getElementById|part|show)\("([^"]+)"', path.read_text()))
    assert len(wanted) > 15
    assert wanted <= ids


@pytest.mark.parametrize("name", ["app.py", "..%2fapp.py", "../app.py", "main.js/", ""])
def test_nothing_else_is_given_out(name):
    async def story(client: Client):
        return await client("GET", f"/page/{name}", token=None)

    answer = asked(story)
    assert answer.status in (307, 404)
    assert b"import" not in answer.body


def test_all_other_answers_may_load_nothing():
    async def story(client: Client):
        return [await client("GET", path, token=None) for path in ("/healthz", "/v1/exceptions", "/nowhere")]

    for answer in asked(story):
        assert policy_of(answer.headers) == {"default-src": "'none'", "frame-ancestors": "'none'"}
