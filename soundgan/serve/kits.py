"""``/api/v1/kits``: a drum kit as a zip, with the files of ``soundgan kit``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from soundgan.addresses.parse import parse_address
from soundgan.api.kits import FORMATS, kit
from soundgan.errors import UsageError
from soundgan.kits.archive import archive
from soundgan.ranges import KIT
from soundgan.runtime.file_names import file_name
from soundgan.runtime.files import write_json
from soundgan.serve.answers import ANEW, TYPES, answer
from soundgan.serve.kept import read_kept
from soundgan.serve.service import Service, service_of
from soundgan.serve.uploads import temporary_folder

router = APIRouter(tags=["kits"])

MOST = 1024


class KitSound(BaseModel):
    """A sound of a kit: its address, and the name of its drum."""

    address: str
    name: str | None = None


class Kit(BaseModel):
    """What a kit is made of.

    Attributes:
        model: Hash of the model; not needed where all kept sounds are of one.
        sounds: Of it; left out for the sounds that are kept.
        name: Of the kit.
        formats: As of :func:`soundgan.kit`.
        takes: Further takes of each sound.
        layers: Of velocity, as of :func:`soundgan.kit`.
        level: As of :func:`soundgan.kit`.
    """

    model: str | None = None
    sounds: Annotated[list[KitSound | str], Field(max_length=MOST)] | None = None
    name: str = Field(default="kit", min_length=1, max_length=80)
    formats: list[str] = list(FORMATS)
    takes: int = Field(default=0, ge=int(KIT["takes"].low), le=int(KIT["takes"].high))
    layers: int = Field(default=1, ge=int(KIT["layers"].low), le=int(KIT["layers"].high))
    level: str = "peak"


@router.post(
    "/kits",
    response_class=Response,
    responses={200: {"content": {TYPES[".zip"]: {"schema": {"type": "string"}}}}},
)
def make_kit(request: Request, wanted: Kit) -> Response:
    """A kit as a zip: the files of ``soundgan kit``, byte for byte."""
    service = service_of(request)
    document = _document(service, wanted)
    model = service.shelf.find(document["model"][:16])
    document["model"] = model.sha256
    name = file_name(wanted.name)
    with temporary_folder() as folder:
        listed, out = Path(folder) / "sounds.json", Path(folder) / "kit"
        write_json(listed, document)
        with service.one_at_a_time:
            kit(
                listed,
                out,
                model=model.path,
                name=wanted.name,
                formats=wanted.formats,
                takes=wanted.takes,
                layers=wanted.layers,
                level=wanted.level,
            )
        files = sorted(path for path in out.rglob("*") if path.is_file())
        content = archive({path.relative_to(out).as_posix(): path.read_bytes() for path in files})
    return answer(request, content, TYPES[".zip"], keep=ANEW, name=f"{name}.zip")


def _document(service: Service, wanted: Kit) -> dict[str, Any]:
    """The list of sounds that ``soundgan kit`` would be given.

    Raises:
        UsageError: No sounds, an address that is none, or sounds of several models.
    """
    if wanted.sounds is None:
        return _kept(service, wanted.model)
    if wanted.model is None:
        raise UsageError("`model`: missing; give the hash of the model that makes the sounds")
    sounds = [KitSound(address=s) if isinstance(s, str) else s for s in wanted.sounds]
    if not sounds:
        raise UsageError("no sound: give addresses, or keep some")
    for sound in sounds:
        parse_address(sound.address)
    return {"model": wanted.model, "sounds": [s.model_dump(exclude_none=True) for s in sounds]}


def _kept(service: Service, model: str | None) -> dict[str, Any]:
    found = read_kept(service)
    models = {sound.model[:16] for sound in found.sounds}
    if model is None and len(models) > 1:
        raise UsageError(f"`model`: the kept sounds are of {len(models)} models; name one of them")
    chosen = model or next(iter(models), "")
    sounds = [
        {"address": sound.address, **({"name": sound.name} if sound.name else {})}
        for sound in found.sounds
        if sound.model[:16] == chosen[:16]
    ]
    if not sounds:
        raise UsageError("no sound is kept; keep some, or give addresses")
    extra = found.model_extra or {}
    return {"model": chosen, "sounds": sounds, "codes": extra.get("codes", {})}
