"""Files: what an account has sent up, kept with its contents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from simulators.kit.clock import DAY, SECOND
from simulators.stripe.rules.ground import Ground
from simulators.stripe.rules.records import NOTHING, Metadata, merged
from simulators.stripe.rules.refusals import Refused, no_such
from simulators.stripe.rules.shelf import Shelf

PURPOSES = (
    "account_requirement",
    "additional_verification",
    "business_icon",
    "business_logo",
    "customer_signature",
    "dispute_evidence",
    "identity_document",
    "issuing_regulatory_reporting",
    "pci_document",
    "tax_document_user_upload",
    "terminal_reader_splashscreen",
    "terminal_wifi_certificate",
    "terminal_wifi_private_key",
)
# What a file may be, by its ending; evidence may be at most so many bytes.
_TYPES = {"pdf": "pdf", "png": "png", "jpg": "jpg", "jpeg": "jpg", "csv": "csv", "txt": "txt", "docx": "docx"}
_EVIDENCE = ("pdf", "png", "jpg")
_MOST_BYTES = 5_000_000
# Evidence is kept as long as a dispute can go on.
_KEPT = 240 * DAY


@dataclass(slots=True)
class File:
    """One file; type: by the ending of its name; expires_at: 0 if it is kept for good."""

    kind: ClassVar[str] = "file"
    id: str
    created_at: int
    livemode: bool
    purpose: str
    filename: str
    type: str
    contents: bytes
    expires_at: int = 0
    links: list[FileLink] = field(default_factory=list)
    seq: int = 0


# What a link may lead to (docs.stripe.com/api/file_links/create).
_LINKED = frozenset(
    {
        "business_icon",
        "business_logo",
        "customer_signature",
        "dispute_evidence",
        "issuing_regulatory_reporting",
        "pci_document",
        "tax_document_user_upload",
        "terminal_reader_splashscreen",
    }
)


@dataclass(slots=True)
class FileLink:
    """A way to a file for those who have no key; expires_at: microseconds, 0 if it stays good."""

    kind: ClassVar[str] = "file_link"
    id: str
    created_at: int
    livemode: bool
    file: str
    secret: str
    expires_at: int = 0
    metadata: Metadata = field(default_factory=dict)
    seq: int = 0


class Files:
    """The files of one mode, and the links to them."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.shelf: Shelf[File] = Shelf()
        self.links: Shelf[FileLink] = Shelf()

    def create(self, purpose: str, filename: str, contents: bytes) -> File:
        """Keep a file; Refused when it is none that this purpose takes."""
        if purpose not in PURPOSES:
            text = f"Invalid purpose: must be one of {', '.join(PURPOSES)}"
            raise Refused(text, param="purpose")
        type = _TYPES.get(filename.rpartition(".")[2].lower(), "")  # noqa: A001
        if not type or (purpose == "dispute_evidence" and type not in _EVIDENCE):
            text = f"You attempted to upload a file of an unsupported type as {purpose}: {filename}"
            raise Refused(text, code="invalid_file_type", param="file")
        if not contents or len(contents) > _MOST_BYTES:
            text = f"Files must have content, and at most {_MOST_BYTES} bytes of it."
            raise Refused(text, param="file")
        ground = self._ground
        now = ground.clock.now()
        until = now + _KEPT if purpose == "dispute_evidence" else 0
        id = ground.numbers.new("file")  # noqa: A001
        file = File(id, now, ground.live, purpose, filename, type, contents, until)
        self.shelf.add(file, ("purpose", purpose))
        ground.events.emit("file.created", file)
        return file

    def take(self, id: str, param: str = "file", *, path: bool = False) -> File:  # noqa: A002
        """The file by its id."""
        file = self.shelf.get(id)
        if file is None:
            raise no_such("file", id, param, path=path)
        return file

    def link(self, file: str, expires_at: int | None, metadata: Metadata | None = NOTHING) -> FileLink:
        """A link to a file. expires_at: unix second in the future, None if it stays good."""
        kept, ground = self.take(file), self._ground
        if kept.purpose not in _LINKED:
            text = f"Files with the purpose {kept.purpose} cannot be linked to."
            raise Refused(text, param="file")
        link = FileLink(
            ground.numbers.new("link"),
            ground.clock.now(),
            ground.live,
            kept.id,
            ground.numbers.secret("fl_", 32),
            self._future(expires_at),
            merged(NOTHING, metadata),
        )
        kept.links.append(link)
        return self.links.add(link, ("file", kept.id))

    def relink(self, link: FileLink, changes: Mapping[str, Any]) -> FileLink:
        """Change when it ends ("now": at once) or its metadata."""
        now = self._ground.clock.now()
        if "expires_at" in changes:
            if link.expires_at and link.expires_at <= now:
                raise Refused("This file link has expired and cannot be changed.", param="expires_at")
            wish = changes["expires_at"]
            link.expires_at = now if wish == "now" else self._future(wish)
        if "metadata" in changes:
            link.metadata = merged(link.metadata, changes["metadata"])
        return link

    def linked(self, id: str) -> FileLink:  # noqa: A002
        """The link by its id in the path."""
        link = self.links.get(id)
        if link is None:
            raise no_such("file link", id, "link", path=True)
        return link

    def _future(self, moment: int | None) -> int:
        if moment is None:
            return 0
        if moment * SECOND <= self._ground.clock.now():
            raise Refused("Invalid expires_at: must be in the future.", param="expires_at")
        return moment * SECOND

    def evidence(self, id: str, param: str) -> None:  # noqa: A002
        """Refused unless this file may speak for the account."""
        if self.take(id, param).purpose != "dispute_evidence":
            text = f"The file {id} cannot be used as evidence: its purpose is not dispute_evidence."
            raise Refused(text, param=param)
