"""Files over HTTP."""

from __future__ import annotations

from simulators.kit.table import Call, Reply
from simulators.stripe.routes.answers import one, page, taken
from simulators.stripe.rules.files import FileLink
from simulators.stripe.rules.mode import Mode
from simulators.stripe.wire.files import uploaded
from simulators.stripe.wire.params import Nothing, said
from simulators.stripe.wire.params_funds import FileList, LinkCreate, LinkList, LinkUpdate


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


async def create_link(mode: Mode, call: Call) -> Reply:
    form = taken(LinkCreate, call, "file_link")
    return one(mode, mode.files.link(form.file, form.expires_at, form.metadata), form.expand)


async def retrieve_link(mode: Mode, call: Call) -> Reply:
    form = taken(Nothing, call, "file_link")
    return one(mode, mode.files.linked(call.params["link"]), form.expand)


async def update_link(mode: Mode, call: Call) -> Reply:
    form = taken(LinkUpdate, call, "file_link")
    return one(mode, mode.files.relink(mode.files.linked(call.params["link"]), said(form)), form.expand)


async def list_links(mode: Mode, call: Call) -> Reply:
    form = taken(LinkList, call, "file_link", many=True)
    now = mode.clock.now()

    def keep(link: FileLink) -> bool:
        return form.expired is None or form.expired == (bool(link.expires_at) and link.expires_at <= now)

    key = ("file", form.file) if form.file else ()
    return page(mode, mode.files.links, form, call, "file link", key, keep)
