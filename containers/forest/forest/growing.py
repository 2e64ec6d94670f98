"""Grow trees one after the other, keeping them in checkpoints: an interruption costs those since the last one."""

import sys
from collections.abc import Callable, Iterator

from forest.trees import Tree, packed, unpacked
from runtime.training import Job


def grow(job: Job, total: int, columns: int, following: Callable[[list[Tree]], Iterator[Tree]]) -> list[Tree]:
    """Return so many trees; `following` yields those after the ones in the list that it is given, which then grows.

    What it yields depends on nothing else, so the trees are the same however often the job is interrupted.
    """
    trees = _kept(job, columns)
    if trees:
        sys.stdout.write(f"Goes on from a checkpoint of {len(trees):,} of {total:,} trees.\n")
    saved = len(trees)
    for tree in following(trees):
        trees.append(tree)
        if job.checkpoints.due:
            job.checkpoints.save(f"trees-{saved:09}", packed(trees[saved:]))
            saved = len(trees)
        job.progress(len(trees) / total)
    return trees


def _kept(job: Job, columns: int) -> list[Tree]:
    """Return the trees of the checkpoints, up to the first that is missing."""
    trees: list[Tree] = []
    for name in job.checkpoints.names():
        content = job.checkpoints.load(name) if name == f"trees-{len(trees):09}" else None
        trees += unpacked(content, columns) if content else []
    return trees
