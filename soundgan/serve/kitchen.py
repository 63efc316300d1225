"""Where sounds are made: a bounded queue that a few threads empty, some sounds at a time.

A sound's bytes do not depend on what it was made together with, so any client's sounds go together.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from http import HTTPStatus

from soundgan.addresses.address import Address
from soundgan.inference.points import Point, point_of
from soundgan.inference.synthesis import MOST_AT_ONCE, synthesise_points
from soundgan.pipelines.addressed import sound_file
from soundgan.pipelines.sound_files import SoundFile
from soundgan.pipelines.sources import Sources
from soundgan.serve.problems import Refusal

MOST_KEPT = 512
"""Sounds that stay in memory: those of a page, as WAV, picture and facts, are made once."""

Made = Future[SoundFile]


@dataclass(frozen=True, eq=False)
class _Order:
    sources: Sources
    address: Address
    point: Point
    made: Made


class Kitchen:
    """Makes sounds in the order in which they were asked for.

    Args:
        most_waiting: Sounds that may wait.
        jobs: Threads that make sounds; each uses one core.
    """

    def __init__(self, most_waiting: int, jobs: int | None = None) -> None:
        self._most_waiting = most_waiting
        self._waiting: deque[_Order] = deque()
        self._kept: OrderedDict[tuple[str, str], Made] = OrderedDict()
        self._changed = threading.Condition()
        self._closed = False
        self.n_made = 0
        self._threads = [
            threading.Thread(target=self._work, name=f"sounds-{number}", daemon=True)
            for number in range(jobs or os.cpu_count() or 1)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def n_waiting(self) -> int:
        """Sounds that nobody has begun."""
        return len(self._waiting)

    def order(self, sources: Sources, address: Address) -> Made:
        """A sound that is made, or will be.

        Args:
            sources: Its model, and the numbers of codes in its address.
            address: Of the sound.

        Raises:
            Refusal: Too many wait already.
            UsageError: The model has no such class, take or code.
        """
        key = sources.model.sha256, str(address)
        with self._changed:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        point = point_of(sources.model, address, sources.codes)
        with self._changed:
            if key in self._kept:  # asked for twice at one moment
                return self._kept[key]
            if len(self._waiting) >= self._most_waiting or self._closed:
                raise Refusal(
                    HTTPStatus.TOO_MANY_REQUESTS,
                    f"{len(self._waiting)} sounds are waiting; ask again in a second",
                    {"Retry-After": "1"},
                )
            made: Made = Future()
            self._kept[key] = made
            while len(self._kept) > MOST_KEPT + self._most_waiting:
                self._kept.popitem(last=False)
            self._waiting.append(_Order(sources, address, point, made))
            self._changed.notify()
            return made

    def close(self) -> None:
        """Refuse further orders, and wait until all threads have ended."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        while orders := self._next():
            self._make(orders)

    def _next(self) -> Sequence[_Order]:
        """What one thread does next: its share of what waits, of one model; nothing at the end."""
        with self._changed:
            while not self._waiting:
                if self._closed:
                    return ()
                self._changed.wait()
            share = -(-len(self._waiting) // len(self._threads))
            orders = [self._waiting.popleft()]
            while (
                self._waiting
                and len(orders) < min(share, MOST_AT_ONCE)
                and self._waiting[0].sources.model is orders[0].sources.model
            ):
                orders.append(self._waiting.popleft())
            return orders

    def _make(self, orders: Sequence[_Order]) -> None:
        points = [order.point for order in orders]
        try:
            sounds = list(synthesise_points(orders[0].sources.model, points, jobs=1))
            files = [
                sound_file(order.sources, order.address, sound)
                for order, sound in zip(orders, sounds, strict=True)
            ]
        except Exception as error:  # noqa: BLE001 - told to everybody who waits
            self._forget(orders)
            for order in orders:
                order.made.set_exception(error)
            return
        self.n_made += len(files)
        for order, file in zip(orders, files, strict=True):
            order.made.set_result(file)

    def _forget(self, orders: Sequence[_Order]) -> None:
        with self._changed:
            for order in orders:
                self._kept.pop((order.sources.model.sha256, str(order.address)), None)
