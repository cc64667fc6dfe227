"""The views of a conference that screens may follow, and what changes each of them."""

from __future__ import annotations

PROGRAMME = ("stage.", "agenda.", "conference.", "awards.announced")
PEOPLE = ("scan.", "introduction.", "delegate.", "group.", "reply.", "invitation.")
CEREMONY = ("ceremony.", "awards.", "scan.", "reply.", "delegate.", "conference.")
VIEWS: dict[str, tuple[str, ...]] = {
    "audience": PROGRAMME,
    "hall": (*PROGRAMME, "ceremony."),
    "caption": (*PROGRAMME, "ceremony."),
    "chair": (*PROGRAMME, *PEOPLE),
    "watch": (*PROGRAMME, *PEOPLE),
    "mc": (*PROGRAMME, *PEOPLE),
    "waves": CEREMONY,
    "tray": CEREMONY,
    "usher": CEREMONY,
    "awards": CEREMONY,
    "desk": ("",),
    "overview": ("",),
}
"""View -> the beginnings of the verbs that change it; the views with most listeners come first."""
