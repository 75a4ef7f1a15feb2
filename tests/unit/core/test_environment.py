"""Secrets out of the environment or a file: which one holds, and what is said of those that cannot be."""

from __future__ import annotations

import json

import pytest

from core.deployment import BadDeployment, read_deployment
from core.environment import BadEnvironment, overlaid, own_file, said
from core.governance.accounts import Secret
from tests.unit.core.test_deployment import deployment

CANARY = "planted-canary-of-the-environment"
PLAIN = {
    "token": "t",
    "store": "s",
    "bus": "memory:",
    "issuer": "",
    "endpoints": {"stripe": {"url": "http://d", "secret_key": "k"}},
    "secrets": {"stripe": "whsec", "webhooks_out": "root"},
    "accounts": [],
}


def secret_file(tmp_path, text: str, mode: int = 0o600):
    file = tmp_path / "secret"
    file.write_text(text)
    file.chmod(mode)
    return file


@pytest.mark.parametrize(
    ("variable", "path"),
    [
        ("TIEOUT_TOKEN", ("token",)),
        ("TIEOUT_STORE", ("store",)),
        ("TIEOUT_BUS", ("bus",)),
        ("TIEOUT_ISSUER", ("issuer",)),
        ("TIEOUT_STRIPE_SECRET_KEY", ("endpoints", "stripe", "secret_key")),
        ("TIEOUT_WEBHOOK_STRIPE", ("secrets", "stripe")),
        ("TIEOUT_WEBHOOKS_OUT", ("secrets", "webhooks_out")),
    ],
)
@pytest.mark.parametrize("by_file", [False, True])
def test_each_secret_and_address_comes_from_a_variable_or_its_file(tmp_path, variable, path, by_file):
    file = secret_file(tmp_path, f"{CANARY}\n")
    environment = {f"{variable}_FILE": str(file)} if by_file else {variable: CANARY}
    made = overlaid(PLAIN, environment)
    found = made
    for step in path:
        found = found[step]
    assert found == CANARY
    # Nothing else is another, and what was given is as it was.
    assert json.dumps(made).count(CANARY) == 1
    assert CANARY not in json.dumps(PLAIN)
    assert overlaid(PLAIN, {}) == PLAIN
    assert overlaid(PLAIN, {"TIEOUT_WEBHOOK_UNHEARD": CANARY, "PATH": CANARY}) == PLAIN


def test_both_are_one_too_many(tmp_path):
    file = secret_file(tmp_path, CANARY)
    with pytest.raises(BadEnvironment, match="both are there") as refused:
        overlaid(PLAIN, {"TIEOUT_TOKEN": CANARY, "TIEOUT_TOKEN_FILE": str(file)})
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666, 0o601])
def test_a_file_that_others_may_use_is_refused(tmp_path, mode):
    file = secret_file(tmp_path, CANARY, mode)
    with pytest.raises(BadEnvironment, match="chmod 600") as refused:
        said("TIEOUT_TOKEN", {"TIEOUT_TOKEN_FILE": str(file)})
    assert CANARY not in str(refused.value)


def test_a_file_that_is_not_there_or_no_text_is_refused_by_its_variable(tmp_path):
    with pytest.raises(BadEnvironment, match="TIEOUT_TOKEN_FILE"):
        said("TIEOUT_TOKEN", {"TIEOUT_TOKEN_FILE": str(tmp_path / "none")})
    with pytest.raises(BadEnvironment, match="TIEOUT_TOKEN_FILE"):
        said("TIEOUT_TOKEN", {"TIEOUT_TOKEN_FILE": str(tmp_path)})
    file = secret_file(tmp_path, "")
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(BadEnvironment, match="where"):
        own_file(file, "where")


def test_only_the_end_of_the_line_is_no_part_of_a_secret(tmp_path):
    assert own_file(secret_file(tmp_path, " two words \r\n"), "x") == " two words "
    assert said("TIEOUT_TOKEN", {"TIEOUT_TOKEN": ""}) == ""


def test_who_may_come_in_is_json_with_these_parts_and_no_others(tmp_path):
    account = {"name": "bot", "scopes": [], "secrets": [{"value": CANARY}]}
    made = overlaid(PLAIN, {"TIEOUT_ACCESS": json.dumps({"accounts": [account]})})
    assert made["accounts"] == [account]
    for wrong in (f"[{CANARY}", f'["{CANARY}"]', json.dumps({"token": CANARY}), json.dumps(CANARY)):
        with pytest.raises(BadEnvironment, match="TIEOUT_ACCESS") as refused:
            overlaid(PLAIN, {"TIEOUT_ACCESS": wrong})
        assert CANARY not in str(refused.value)


def test_two_secrets_of_a_webhook_hold_while_one_is_changed(tmp_path):
    file = tmp_path / "deployment.json"
    made = deployment()
    made.write(file)
    pair = [{"value": CANARY}, {"value": "the-one-before-it", "until": "2026-03-01T00:00:00Z"}]
    read = read_deployment(file, {"TIEOUT_WEBHOOK_STRIPE": json.dumps(pair)})
    assert read.endpoints.secrets["stripe"] == CANARY
    assert read.endpoints.former_secrets["stripe"] == Secret("the-one-before-it", 1_772_323_200_000_000)
    assert read.mask()(f"{CANARY} the-one-before-it") == "[secret] [secret]"
    for wrong in (f"[{CANARY}", f'["{CANARY}"]', "[[]]"):
        with pytest.raises(BadDeployment, match="TIEOUT_WEBHOOK_STRIPE") as refused:
            read_deployment(file, {"TIEOUT_WEBHOOK_STRIPE": wrong})
        assert CANARY not in str(refused.value)
    for wrong in ([pair[0]], [pair[1], pair[0]], [*pair, pair[1]], [pair[0], pair[0]], []):
        with pytest.raises(BadDeployment, match="stripe") as refused:
            read_deployment(file, {"TIEOUT_WEBHOOK_STRIPE": json.dumps(wrong)})
        assert CANARY not in str(refused.value)
