"""Some of a run's own records, sent to the endpoint that it made: the true values beside the predicted ones."""

import csv
import io
from typing import Any

from botocore.exceptions import ClientError

from penstock.run import report
from penstock.run.data import Data
from penstock.spec.sections.data import Data as Columns

_SIZE = 5


def predict(runtime: Any, endpoint: str, data: Data, spec: Columns) -> list[str]:
    """Return the lines of a table of records with their true and predicted values, or why there are none.

    The endpoint has passed its smoke test: what goes wrong here is no failure of the run.

    Args:
        runtime: a client of SageMaker Runtime.
        endpoint: the endpoint's name.
        data: the run's data, all of it: most of these records were trained on.
        spec: the columns; the target is not sent, nor are those that the spec does not declare.
    """
    rows = data.sample(_SIZE)
    if not rows or (spec.target is not None and spec.target not in rows[0]):
        return ["  No predictions for records of the data: its first line is not the header."]
    names = [name for name in rows[0] if name != spec.target and (not spec.columns or name in spec.columns)]
    body = io.StringIO(newline="")
    writer = csv.DictWriter(body, names, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    try:
        answer = runtime.invoke_endpoint(
            EndpointName=endpoint, ContentType="text/csv", Accept="text/csv", Body=body.getvalue()
        )
    except ClientError as error:
        return [f"  No predictions for records of the data: {error.response['Error']['Message']}"]
    predicted = answer["Body"].read().decode().split()
    if len(predicted) != len(rows):
        return [f"  No predictions for records of the data: {len(predicted)} values for {len(rows)} rows."]
    known = [*names, *([spec.target] if spec.target is not None else [])]
    return report.predictions([{name: row[name] for name in known} for row in rows], spec.target, predicted)
