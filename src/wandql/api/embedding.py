"""Pages of the web app within a notebook."""

from __future__ import annotations

from html import escape

__all__ = ["iframe"]


def iframe(url: str, *, what: str, height: int, hidden: bool) -> str:
    """Return HTML that shows a page of the web app.

    Args:
        url: Its address.
        what: What it shows, for the label of a folded one.
        height: The height, in pixels.
        hidden: Whether it is folded until somebody opens it.

    >>> iframe("https://wandb.ai/a/b", what="project", height=100, hidden=False)
    '<iframe src="https://wandb.ai/a/b?jupyter=true" style="border: none; width: 100%; height: 100px"></iframe>'
    """
    address = escape(f"{url}?jupyter=true")
    frame = f'<iframe src="{address}" style="border: none; width: 100%; height: {height:d}px"></iframe>'
    return f"<details><summary>Show the {escape(what)}</summary>{frame}</details>" if hidden else frame
