"""A process that decodes: what breaks here costs one file, not the program.

It imports no more than decoding needs, takes batches from standard input, leaves results in the
work folder, says on standard output what it is at, and dies with the process that started it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from soundgan.audio.decode import AudioFile
from soundgan.audio.stream import CorruptAudioError
from soundgan.audio.tally import Channel
from soundgan.errors import SoundGANError
from soundgan.ingest.clip_recipe import ClipRecipe
from soundgan.ingest.examine import examine
from soundgan.ingest.journal import PartWriter
from soundgan.ingest.record import key_of
from soundgan.ingest.survey import survey_file
from soundgan.runtime.processes import break_in_silence, leave_with_children, limit_memory

MEMORY_LIMIT = 4 << 30
"""Address space of a worker; a header that asks for more fails in here alone."""

TOO_LARGE = "decoding it takes more memory than one file is given"

BEAT_SECONDS = 0.05
"""What it is at is told again so often at most."""

Message = dict[str, Any]
Send = Callable[[Message], None]


class Pulse:
    """Tells the watcher which file is being worked on, and that it goes on."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._index = -1
        self._told = 0.0

    def start(self, index: int) -> None:
        """The file at ``index`` comes next."""
        self._index = index
        self._tell(time.monotonic())

    def beat(self) -> None:
        """Something has been achieved."""
        now = time.monotonic()
        if now - self._told > BEAT_SECONDS:
            self._tell(now)

    def _tell(self, now: float) -> None:
        self._told = now
        self._send({"at": self._index})


class Worker:
    """Answers messages, one after the other.

    Args:
        send: Takes replies, and before them what is worked on.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._pulse = Pulse(send)
        self._source = ""
        self._work = Path()
        self._recipe: ClipRecipe | None = None
        self._listen = 0.0
        self._channel: Channel = "mix"
        self._with_generated = False
        self._cut_up: set[int] = set()
        self._known: set[str] = set()

    def answer(self, message: Message) -> None:
        """Take a setup, or work on a batch."""
        if "setup" in message:
            self.set_up(message["setup"])
            return
        try:
            reply = self.work_on(message["batch"])
        except SoundGANError as error:  # of the machine, not of a file: a full disk
            reply = {"failed": str(error)}
        self._send(reply)
        self._pulse.start(-1)

    def set_up(self, setup: dict[str, Any]) -> None:
        """Take source folder, work folder, recipe (none: survey, and how long) and known hashes."""
        self._source, self._work = setup["source"], Path(setup["work"])
        self._recipe = ClipRecipe(**setup["recipe"]) if setup["recipe"] else None
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

    def _survey(self, index: int, path: str) -> Message | None:
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
        return None if found is None else {"index": index, **asdict(found)}


def _own_mistake(error: Exception) -> str:
    """What is said of a file on which the program itself fails."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    words = " ".join(traceback.format_exception_only(error)[-1].split())
    place = f"{Path(frame.filename).name}, line {frame.lineno}"
    return f"a mistake of soundgan, not of the file ({place}: {words}); please report it"


def main() -> None:
    """Run a worker: a line of JSON for each message, on standard input and output."""
    messages: SimpleQueue[Message] = SimpleQueue()
    threading.Thread(target=_listen, args=(messages,), daemon=True).start()
    break_in_silence()
    limit_memory(MEMORY_LIMIT)
    replies = os.fdopen(os.dup(1), "wb")
    # Decoders write notes straight to descriptors; an exception of ours should still be seen.
    sys.stderr = os.fdopen(os.dup(2), "w", encoding="utf-8", errors="backslashreplace")
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)

    def send(message: Message) -> None:
        replies.write(json.dumps(message).encode() + b"\n")
        replies.flush()

    worker = Worker(send)
    while True:
        worker.answer(messages.get())


def _listen(messages: SimpleQueue[Message]) -> None:
    """Pass on what comes; the other end closes when its process ends, however it ends."""
    with open(0, "rb", closefd=False) as stream:
        for line in stream:
            messages.put(json.loads(line))
    leave_with_children()
