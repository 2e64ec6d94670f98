"""Evaluate a model: what the command `evaluate` runs, in the model's own image."""

from __future__ import annotations

import json
import sys
from argparse import Namespace

from tabular.evaluating.contenders import contenders, unseen_rows
from tabular.evaluating.evaluation import Champion, evaluate
from tabular.evaluating.report import report
from tabular.rowhash import read_seen
from tabular.settings import read_settings
from tabular.table import read_table


def run(arguments: Namespace) -> None:
    """Write `evaluation.json` and `report.html`.

    Raises:
        TabularError: the model cannot be served, or what it says cannot be judged.
    """
    settings = read_settings(arguments.settings)
    table = read_table(arguments.test)
    both = contenders(arguments, table, settings)
    own, theirs = read_seen(arguments.seen) or (), read_seen(arguments.champion_seen)
    unseen = None if theirs is None else unseen_rows(table, own, theirs)
    document = evaluate(table, both, Champion(arguments.champion_run, unseen), settings)
    arguments.output.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    (arguments.output / "evaluation.json").write_text(text, "utf-8")
    (arguments.output / "report.html").write_text(report(document, settings, len(own)), "utf-8")
    metrics = document["penstock"]["metrics"]
    shown = ", ".join(f"{name} {'undefined' if value is None else f'{value:.6g}'}" for name, value in metrics.items())
    sys.stdout.write(f"{document['penstock']['rows']:,} rows: {shown}.\n")
