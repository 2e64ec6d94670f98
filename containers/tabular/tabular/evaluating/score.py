"""Score rows with a model: what the command `score` runs, in the image of a model that is not the challenger's."""

from __future__ import annotations

import sys
from argparse import Namespace

from tabular.errors import counted
from tabular.evaluating.predictions import predict
from tabular.evaluating.server import Server
from tabular.settings import read_settings
from tabular.table import read_table


def run(arguments: Namespace) -> None:
    """Write what the model says of the test rows.

    Raises:
        TabularError: the model cannot be served, or refuses the rows.
    """
    settings = read_settings(arguments.settings)
    table = read_table(arguments.test)
    with Server(arguments.model, "The champion") as server:
        predictions = predict(server, table, settings)
    predictions.write(arguments.output)
    sys.stdout.write(f"{counted(len(predictions.texts), 'row')} scored.\n")
