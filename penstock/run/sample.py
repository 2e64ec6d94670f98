"""Some of a run's own records, sent to the endpoint that it made: the true values beside the predicted ones."""

import csv
import io
import json
from typing import Any

from penstock.run import report
from penstock.run.data import Data

_SIZE = 5


def predict(runtime: Any, endpoint: str, data: Data, target: str) -> list[str]:
    """Return the lines of a table of records with their true and predicted values.

    Args:
        runtime: a client of SageMaker Runtime.
        endpoint: the endpoint's name.
        data: the run's data.
        target: the column that is predicted, which is not sent.
    """
    rows = data.sample(_SIZE)
    body = io.StringIO(newline="")
    writer = csv.DictWriter(body, [column for column in rows[0] if column != target], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    answer = runtime.invoke_endpoint(
        EndpointName=endpoint, ContentType="text/csv", Accept="application/json", Body=body.getvalue()
    )
    return report.predictions(rows, target, json.loads(answer["Body"].read())["predictions"])
