"""Names that people can say, for runs whose scripts gave them none."""

from __future__ import annotations

import hashlib
from typing import Final

__all__ = ["make_name", "make_name_in_sweep"]

QUALITIES: Final = (
    "able", "amber", "ancient", "autumn", "bold", "brave", "breezy", "bright", "calm", "charming", "clear", "clever",
    "cool", "copper", "cosmic", "crisp", "curious", "deep", "distant", "dry", "eager", "early", "easy", "elegant",
    "fair", "fast", "fine", "firm", "fresh", "gentle", "glad", "golden", "good", "grand", "green", "happy", "hidden",
    "honest", "icy", "jolly", "keen", "kind", "late", "light", "lively", "lucky", "mellow", "mild", "misty", "noble",
    "pale", "patient", "plain", "polar", "proud", "quick", "quiet", "rapid", "rare", "ruby", "rural", "serene", "sharp",
    "silent", "silver", "smooth", "snowy", "soft", "solar", "steady", "still", "sunny", "swift", "tidy", "vivid",
    "warm", "wild", "wise", "young", "zesty",
)  # fmt: skip

THINGS: Final = (
    "acorn", "badger", "bay", "beacon", "birch", "bird", "brook", "canyon", "cedar", "cloud", "comet", "coral", "creek",
    "dawn", "deer", "delta", "dew", "dune", "dusk", "eagle", "elm", "ember", "falcon", "fern", "field", "finch",
    "fjord", "flame", "fog", "forest", "fox", "frost", "garden", "glade", "grove", "hare", "hawk", "heron", "hill",
    "island", "lagoon", "lake", "lark", "leaf", "maple", "marsh", "meadow", "mesa", "moon", "moss", "oak", "ocean",
    "orchid", "otter", "owl", "peak", "pebble", "pine", "planet", "pond", "prairie", "rain", "reef", "ridge", "river",
    "robin", "sea", "shadow", "sky", "snow", "spring", "star", "stone", "stream", "sun", "tide", "valley", "wave",
    "willow", "wind",
)  # fmt: skip


def make_name(id_: str, number: int) -> str:
    """Return a name for a run: two words that its id decides, and its number in the project.

    Args:
        id_: The run's id.
        number: How many runs the project has with this one.
    """
    quality, thing = _words(id_)
    return f"{quality}-{thing}-{number}"


def make_name_in_sweep(id_: str, number: int) -> str:
    """Return a name for a run that a sweep proposes, which shows that.

    Args:
        id_: The run's id.
        number: How many runs the sweep has with this one.
    """
    quality, _ = _words(id_)
    return f"{quality}-sweep-{number}"


def _words(id_: str) -> tuple[str, str]:
    chosen = int.from_bytes(hashlib.sha256(id_.encode()).digest()[:8])
    rest, quality = divmod(chosen, len(QUALITIES))
    return QUALITIES[quality], THINGS[rest % len(THINGS)]
