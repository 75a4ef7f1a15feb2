"""The operators' page at /: static files that hold no data; what they show comes from /v1 with a token."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

_FOLDER = Path(__file__).parent / "assets"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# Its own files and nothing else: no script in the markup, nothing from elsewhere, in nobody's frame.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def page_routes() -> APIRouter:
    """GET / and GET /page/NAME, for anybody; 404 for a name that is none of its files."""
    files = {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _TYPES}
    router = APIRouter(include_in_schema=False)

    def answer(name: str) -> Response:
        headers = {
            "content-security-policy": _POLICY,
            "cross-origin-opener-policy": "same-origin",
            # A newer core brings newer files: ask whether they have changed.
            "cache-control": "no-cache",
        }
        kind = f"{_TYPES[Path(name).suffix]}; charset=utf-8"
        return Response(files[name], media_type=kind, headers=headers)

    @router.get("/")
    async def page() -> Response:
        return answer("index.html")

    @router.get("/page/{name}")
    async def file(name: str) -> Response:
        if name not in files:
            raise HTTPException(404, "no such file")
        return answer(name)

    return router
