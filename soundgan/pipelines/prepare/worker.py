"""A process that decodes: what breaks here costs one file, not the program.

It imports no more than decoding needs, takes batches from a socket, leaves results in the work
folder and dies with the process that started it.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import struct
import sys
import threading
import traceback
from collections.abc import Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from soundgan.audio.decode import AudioFile, CorruptAudioError
from soundgan.audio.tally import Channel
from soundgan.errors import SoundGANError
from soundgan.pipelines.prepare.examine import examine
from soundgan.pipelines.prepare.journal import PartWriter
from soundgan.pipelines.prepare.recipe import Recipe
from soundgan.pipelines.prepare.record import key_of
from soundgan.pipelines.prepare.survey import survey_file

MEMORY_LIMIT = 4 << 30
"""Address space of a worker; a header that asks for more fails in here alone."""

TOO_LARGE = "decoding it takes more memory than one file is given"

PULSE = struct.Struct("<qq")
"""What a worker is busy with: position of the file in the listing, and blocks decoded so far."""


class Pulse:
    """Tells the watcher, in a few bytes of a shared file, what the worker is doing."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._index = -1
        self._beats = 0

    def start(self, index: int) -> None:
        """The file at ``index`` comes next."""
        self._index = index
        self.beat()

    def beat(self) -> None:
        """Something has been achieved."""
        self._beats += 1
        os.pwrite(self._descriptor, PULSE.pack(self._index, self._beats), 0)


class Worker:
    """Answers batches until the socket closes."""

    def __init__(self, connection: Connection, pulse: Pulse) -> None:
        self._connection = connection
        self._pulse = pulse
        self._source = ""
        self._work = Path()
        self._recipe: Recipe | None = None
        self._listen = 0.0
        self._channel: Channel = "mix"
        self._with_generated = False
        self._cut_up: set[int] = set()
        self._known: set[str] = set()

    def run(self) -> None:
        """Serve."""
        while True:
            try:
                message = json.loads(self._connection.recv_bytes())
            except EOFError:
                return
            if "setup" in message:
                self.set_up(message["setup"])
                continue
            try:
                reply = self.work_on(message["batch"])
            except SoundGANError as error:  # of the machine, not of a file: a full disk
                reply = {"failed": str(error)}
            self._connection.send_bytes(json.dumps(reply).encode())
            self._pulse.start(-1)

    def set_up(self, setup: dict[str, Any]) -> None:
        """Take source folder, work folder, recipe (none: survey, and how long) and known hashes."""
        self._source, self._work = setup["source"], Path(setup["work"])
        self._recipe = Recipe(**setup["recipe"]) if setup["recipe"] else None
        self._cut_up = set(setup.get("cut_up", ()))
        self._known = set(setup["known"])
        self._listen = setup.get("listen", 0.0)
        self._channel = setup.get("channel", "mix")
        self._with_generated = setup.get("with_generated", False)

    def work_on(self, batch: Sequence[tuple[int, str]]) -> dict[str, Any]:
        """The reply to one batch of positions and paths."""
        if self._recipe is None:
            return {"surveyed": [self._survey(index, path) for index, path in batch]}
        recipes = [self._recipe.model_copy(update={"slice": cut}) for cut in (False, True)]
        part = PartWriter(self._work)
        keys: list[tuple[int, str]] = []
        unread: list[tuple[int, str]] = []
        for index, path in batch:
            self._pulse.start(index)
            recipe = recipes[index in self._cut_up]
            try:
                with AudioFile(os.path.join(self._source, path)) as file:  # noqa: PTH118
                    digest = file.sha256()
                    key = key_of(digest, cut_up=recipe.slice)
                    if key not in self._known:
                        part.add_record(
                            examine(file, digest, recipe, part.add_clip, self._pulse.beat)
                        )
                        self._known.add(key)
            except CorruptAudioError as error:
                unread.append((index, str(error)))
            except MemoryError:
                part.drop()
                unread.append((index, TOO_LARGE))
            except SoundGANError:  # of the machine: a full disk
                raise
            except Exception as error:  # noqa: BLE001 - costs this file, and no other
                part.drop()
                unread.append((index, _own_mistake(error)))
            else:
                keys.append((index, key))
        return {"part": part.close(), "keys": keys, "unread": unread}

    def _survey(self, index: int, path: str) -> tuple[int, int, float, Sequence[float]] | None:
        self._pulse.start(index)
        place = os.path.join(self._source, path)  # noqa: PTH118
        try:
            found = survey_file(
                place,
                self._listen,
                self._pulse.beat,
                channel=self._channel,
                with_generated=self._with_generated,
            )
        except Exception:  # noqa: BLE001 - it has its say when the file is decoded
            return None
        return None if found is None else (index, found.rate, found.seconds, found.events)


def _own_mistake(error: Exception) -> str:
    """What is said of a file on which the program itself fails."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    words = " ".join(traceback.format_exception_only(error)[-1].split())
    place = f"{Path(frame.filename).name}, line {frame.lineno}"
    return f"a mistake of soundgan, not of the file ({place}: {words}); please report it"


def main(channel: int, pulse: int) -> None:
    """Run a worker on inherited descriptors.

    Args:
        channel: Socket for batches and replies.
        pulse: File for :class:`Pulse`.
    """
    threading.Thread(target=_die_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit_memory()
    # Decoders write notes straight to descriptor 2; an exception of ours should still be seen.
    sys.stderr = os.fdopen(os.dup(2), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    Worker(Connection(channel), Pulse(pulse)).run()


def _limit_memory() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_LIMIT if hard == resource.RLIM_INFINITY else min(MEMORY_LIMIT, hard)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _die_with_parent() -> None:
    """The other end of stdin closes when its process ends, however it ends."""
    while os.read(0, 1):
        pass
    if os.getpgrp() == os.getpid():  # with the decoder that it may have started
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
