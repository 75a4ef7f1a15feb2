"""Which versions of the mappings this core runs on; they are changed in the registry, and nowhere here."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import BaseModel

from core.api.v1.asking import TheCore, caller, only_known
from core.api.v1.problems import told
from core.api.v1.reading import resource
from core.canonical.errors import Missing
from core.mappings.document import Document

router = APIRouter(
    prefix="/v1",
    tags=["operations"],
    dependencies=[Depends(caller), Depends(only_known)],
    responses=told(401, 403, 404, 422) | {304: {"description": "The asker has it already"}},
)


class MappingShown(BaseModel):
    """digest: SHA-256 (hex) of the file; owner: who is asked about it; flows: that it touches."""

    name: str
    version: int
    owner: str
    says: str
    flows: list[str]
    digest: str


class RowShown(BaseModel):
    """when: by input, "*" for anything; then: by output, "=product" for the input of that name."""

    when: dict[str, str]
    then: dict[str, str]


class MappingWhole(MappingShown):
    """With its rows, in the order in which they are tried."""

    rows: list[RowShown]


class MappingsShown(BaseModel):
    """All of them, by name."""

    mappings: list[MappingShown]


@router.get(
    "/mappings", operation_id="listMappings", response_model=MappingsShown, summary="Versions of mappings"
)
async def mappings(request: Request, core: TheCore) -> Response:
    """As this process read them when it started."""
    known = sorted(core.maps.documents.items())
    return resource(request, MappingsShown(mappings=[MappingShown(**_head(each)) for _, each in known]))


@router.get(
    "/mappings/{name}", operation_id="getMapping", response_model=MappingWhole, summary="A mapping's rows"
)
async def mapping(request: Request, core: TheCore, name: str = Path(pattern=r"^[a-z_]{1,60}$")) -> Response:
    """As this process read it when it started."""
    if name not in core.maps.documents:
        raise Missing(f"mapping {name}: there is none; there are: {', '.join(sorted(core.maps.documents))}")
    found = core.maps[name]
    shape = found.table.shape
    inputs, outputs = ([column.name for column in side] for side in (shape.inputs, shape.outputs))
    rows = [
        RowShown(
            when=dict(zip(inputs, row.when, strict=True)), then=dict(zip(outputs, row.then, strict=True))
        )
        for row in found.table.rows
    ]
    return resource(request, MappingWhole(**_head(found), rows=rows))


def _head(of: Document) -> dict[str, object]:
    return {
        "name": of.name,
        "version": of.version,
        "owner": of.owner,
        "says": of.says,
        "flows": list(of.flows),
        "digest": of.digest,
    }
