"""Where webhooks may not go, however it is written."""

from __future__ import annotations

import asyncio
from typing import Any, cast

import pytest

from core.announcing.addresses import BadAddress, Reach
from core.outside import OutsideResolver

INSIDE = [
    "https://localhost/", "https://api.localhost/", "https://127.0.0.1/", "https://10.0.0.8/x", "https://[::1]/",
    "https://169.254.169.254/latest/meta-data", "https://[fe80::1]/", "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::a00:1]/", "https://[2002:a00:1::]/", "https://192.168.1.1:8443/", "https://100.64.0.1/",
    "https://metadata.google.internal/", "https://printer.local/", "https://core/", "https://2130706433/",
    "https://127.1/", "https://0x7f.0.0.1/", "https://0/", "https://224.0.0.1/", "https://0.0.0.0/",
]  # fmt: skip
WRONG = [
    "http://hooks.example.com/", "ftp://hooks.example.com/", "file:///etc/passwd", "https:///x", "https://",
    "https://user@hooks.example.com/", "https://:pw@hooks.example.com/", "https://hooks.example.com/#part",
    "https://hooks.example.com/a b", "https://hooks.example.com/\n", "https://hooks.example.com:0/",
    "https://hooks.example.com:99999/", "https://[::1", "https://höoks.example.com/", "gopher://x.example.com",
    "https://hooks.example.com\\@10.0.0.1/", "https://-x.example.com/", "", "hooks.example.com",
    "https://example.com/" + "x" * 2000,
]  # fmt: skip


@pytest.mark.parametrize("url", INSIDE + WRONG)
def test_nothing_goes_there(url):
    with pytest.raises(BadAddress, match=r"^url: "):
        Reach().check(url)


@pytest.mark.parametrize(
    "url", ["https://hooks.example.com/a?b=c", "https://HOOKS.example.com:8443/", "https://93.184.216.34/",
            "https://[2606:4700::1111]/"],
)  # fmt: skip
def test_outside_is_reached(url):
    Reach().check(url)


def test_hosts_that_are_named_are_the_only_ones_and_may_be_inside():
    reach = Reach(("https", "http"), ("crm.internal",))
    reach.check("http://crm.internal/hook")
    reach.check("http://eu.crm.internal/hook")
    for url in (
        "https://hooks.example.com/",
        "https://notcrm.internal/",
        "https://crm.internal.evil.example/",
    ):
        with pytest.raises(BadAddress, match=r"crm\.internal"):
            reach.check(url)


def test_a_laboratory_may_go_inside():
    Reach(("http",), inside=True).check("http://127.0.0.1:8000/hook")


@pytest.mark.parametrize(
    ("found", "refused"),
    [(["93.184.216.34"], False), (["93.184.216.34", "10.0.0.1"], True), (["::1"], True), ([], True)],
)
def test_what_a_name_resolves_to_is_looked_at_where_it_is_connected_to(found, refused):
    class Names:
        async def resolve(self, host: str, port: int = 0, family: Any = None) -> Any:
            return [{"host": each, "port": port} for each in found]

    resolver = OutsideResolver(cast("Any", Names()))
    if refused:
        with pytest.raises(OSError, match="leads inside"):
            asyncio.run(resolver.resolve("hooks.example.com", 443))
    else:
        assert [each["host"] for each in asyncio.run(resolver.resolve("hooks.example.com", 443))] == found
