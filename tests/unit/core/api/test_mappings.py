"""The mappings that a core runs on, over HTTP: read only."""

from __future__ import annotations

from core.mappings.shipped import SHIPPED
from core.observing.metrics import Metrics
from tests.unit.core.api.client import Client, asked, new_business


def test_they_are_told_with_version_and_digest():
    async def story(client: Client):
        every = await client("GET", "/v1/mappings")
        one = await client("GET", "/v1/mappings/erp_items")
        none = await client("GET", "/v1/mappings/nothing")
        post = await client("POST", "/v1/mappings", {})
        stranger = await client("GET", "/v1/mappings", token="no")
        return every, one, none, post, stranger

    every, one, none, post, stranger = asked(story, new_business())
    told = [(each["name"], each["version"], each["digest"]) for each in every.json["mappings"]]
    assert told == [tuple(each) for each in SHIPPED.versions]
    assert one.json["rows"][0] == {"when": {"reason": "sale", "product": "*"}, "then": {"item": "=product"}}
    assert one.json["owner"] == "controller"
    assert (none.status, post.status, stranger.status) == (404, 405, 401)
    assert "there is none; there are: billing_frequencies" in none.json["detail"]


def test_each_is_an_info_metric_of_the_process():
    metrics = Metrics("worker-1")
    metrics.mapped(SHIPPED.versions)
    digest = SHIPPED["tax_codes"].digest[:12]
    line = f'tieout_mapping_info{{digest="{digest}",name="tax_codes",version="1"}} 1.0'
    assert line in metrics.text().decode().splitlines()
