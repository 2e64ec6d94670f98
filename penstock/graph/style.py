"""What the drawings share: colours by the type of a state, and labels of several short lines."""

from textwrap import wrap

# Fill and outline.
COLOURS = {
    "Task": ("#e8f1fb", "#3b78b8"),
    "Choice": ("#fdf3d8", "#c29a2b"),
    "Wait": ("#eeeeee", "#888888"),
    "Pass": ("#eeeeee", "#888888"),
    "Succeed": ("#e4f4e4", "#4a994a"),
    "Fail": ("#fbe6e4", "#c0504a"),
}


def lines(label: str) -> list[str]:
    """Return a label as lines of about 30 characters."""
    return wrap(label, 30, break_long_words=False, break_on_hyphens=False)
