"""Prepare: checks the execution's input, and pins the data, so that what a run trains on cannot change under it."""

import os
from typing import Any

from hooks import aws, rules


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return what the run is to use.

    Called again for the same execution it does the same: the versions are recorded before the first is copied.

    Raises:
        InvalidInput: the input, or the data that it names, cannot be used.
    """
    data_bucket, artefact_bucket = os.environ["DATA_BUCKET"], os.environ["ARTEFACT_BUCKET"]
    request = rules.read_input(event["input"], data_bucket=data_bucket, defaults=event["defaults"])
    found = aws.latest_versions(data_bucket, request.key, limit=rules.MAX_OBJECTS + 1)
    rules.check_data(found, f"s3://{data_bucket}/{request.key}")
    run = rules.run_id(event["execution"])
    folder = f"{os.environ['PIPELINE']}/runs/{run}"
    record = {"execution": event["execution"], "copies": rules.copies(found, f"{folder}/input/")}
    recorded = aws.write_once(artefact_bucket, f"{folder}/pinned.json", record)
    pinned = rules.recorded_copies(recorded, event["execution"])
    aws.copy_all(data_bucket, artefact_bucket, pinned, tag=rules.PINNED_DATA_TAG)
    return {
        "run": run,
        "data": f"s3://{artefact_bucket}/{folder}/input/",
        "output": f"s3://{artefact_bucket}/{folder}/output/",
        "hyperparameters": request.hyperparameters,
        "instance_types": request.instance_types,
        "volume_keys": {use: rules.takes_volume_key(type_) for use, type_ in request.instance_types.items()},
        "objects": len(pinned),
        "bytes": sum(copy.size for copy in pinned),
    }
