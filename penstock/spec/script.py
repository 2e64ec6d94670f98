"""The user's process.py: Python that changes the rows before they are divided."""

import ast
from collections.abc import Iterator
from pathlib import Path

from penstock.spec.mistakes import Mistake, UnreadableError
from penstock.spec.source import read_text

FUNCTION = "process"
MAX_BYTES = 1024 * 1024


def script_mistakes(path: Path, file: str) -> Iterator[Mistake]:
    """Yield what is wrong in a script, which is parsed and never run here; `file` is its name in messages."""
    try:
        module = ast.parse(read_text(path, file, limit=MAX_BYTES))
    except UnreadableError as error:
        yield error.mistake
        return
    except (SyntaxError, ValueError) as error:
        line, column = (error.lineno or 1, error.offset or 1) if isinstance(error, SyntaxError) else (1, 1)
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        yield Mistake(file, line, column, f"not Python: {reason}.", "Correct it.")
        return
    found = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name == FUNCTION]
    if not found:
        message = f"there is no function {FUNCTION}."
        yield Mistake(file, 1, 1, message, f"Write one that takes a frame and returns one: def {FUNCTION}(frame): …")
    elif not _takes_one(found[-1].args):
        message = f"{FUNCTION} is called with one argument, the frame, and does not take that."
        yield Mistake(file, found[-1].lineno, 1, message, f"Write def {FUNCTION}(frame): …")


def _takes_one(arguments: ast.arguments) -> bool:
    """Whether a function can be called with one positional argument."""
    positional = len(arguments.posonlyargs) + len(arguments.args)
    required = positional - len(arguments.defaults)
    keywords_required = any(default is None for default in arguments.kw_defaults)
    return required <= 1 and (positional >= 1 or arguments.vararg is not None) and not keywords_required
