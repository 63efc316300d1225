"""What all requests share."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request

from soundgan.addresses.address import Address
from soundgan.addresses.parse import parse_address
from soundgan.pipelines.sources import Named, Sources, sources_of
from soundgan.serve.children import Children
from soundgan.serve.kitchen import Kitchen
from soundgan.serve.picture_store import PictureStore
from soundgan.serve.settings import Settings
from soundgan.serve.shelf import Shelf


@dataclass(frozen=True, eq=False)
class Service:
    """What all requests share.

    Attributes:
        settings: What it was started with.
        shelf: The models.
        kitchen: Where sounds are made.
        children: Commands in processes of their own.
        pictures: Those that clients sent.
        stopping: Set as soon as somebody asks it to stop: streams of events end.
        one_at_a_time: Held by work that uses all cores.
        keeping: Held while the list of kept sounds is changed.
        maps: Those that were made, by model and number of sounds.
    """

    settings: Settings
    shelf: Shelf
    kitchen: Kitchen
    children: Children
    pictures: PictureStore
    stopping: threading.Event = field(default_factory=threading.Event)
    one_at_a_time: threading.Lock = field(default_factory=threading.Lock)
    keeping: threading.Lock = field(default_factory=threading.Lock)
    maps: dict[tuple[str, int], Any] = field(default_factory=dict)

    @classmethod
    def start(cls, settings: Settings) -> Service:
        """Begin it."""
        children = Children()
        kitchen = Kitchen(settings.most_waiting)
        return cls(settings, Shelf(settings.model), kitchen, children, PictureStore(children))

    def close(self) -> None:
        """End everything that it has begun."""
        self.stopping.set()
        self.children.close()
        self.pictures.close()
        self.kitchen.close()

    def sources(self, hash: str, addresses: list[Address]) -> Sources:
        """Sounds of a model that is listed, with the codes in ``codes/``.

        Raises:
            Refusal: No such model.
            UsageError: A code is of another model.
            ArtefactError: Model or code file is damaged.
        """
        shelved, model = self.shelf.load(hash)
        return sources_of([Named(address) for address in addresses], shelved.path, model)


def addresses_of(texts: list[str]) -> list[Address]:
    """Addresses as clients write them; never names of files.

    Raises:
        UsageError: One is none.
    """
    return [parse_address(text) for text in texts]


def service_of(request: Request) -> Service:
    """The service that a request came to."""
    service: Service = request.app.state.service
    return service
