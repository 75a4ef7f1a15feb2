"""Files over HTTP."""

from __future__ import annotations

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import one, page, taken
from simulators.stripe.rules.mode import Mode
from simulators.stripe.wire.files import uploaded
from simulators.stripe.wire.params import Nothing
from simulators.stripe.wire.params_funds import FileList


async def create_file(mode: Mode, call: Call) -> Reply:
    return one(mode, mode.files.create(*uploaded(call)))


async def retrieve_file(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "file")
    return one(mode, mode.files.take(call.params["file"], path=True), form.expand)


async def read_file(mode: Mode, call: Call) -> Reply:
    kept = mode.files.take(call.params["file"], path=True)
    return Reply(200, kept.contents, (("content-type", "application/octet-stream"),))


async def list_files(mode: Mode, call: Call) -> Reply:
    form = taken(FileList, call, "file", many=True)
    key = ("purpose", form.purpose) if form.purpose else ()
    return page(mode, mode.files.shelf, form, call, "file", key)
