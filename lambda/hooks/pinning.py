"""Pinning: what a run reads is copied, version by version, to where only the run keeps it."""

import os

from hooks import rules
from hooks.aws import s3
from hooks.inputs import Request


def pin(request: Request, execution: str, folder: str) -> list[rules.Copy]:
    """Return what was copied below `folder` of the bucket of artefacts: the data, and the rows to predict.

    Called again for the same execution it does the same: the versions are recorded before the first is copied.

    Raises:
        InvalidInput: there are no data, or none that can be used; or another execution has the run's id.
    """
    source, target = os.environ["DATA_BUCKET"], os.environ["ARTEFACT_BUCKET"]
    copies: list[rules.Copy] = []
    for key, part in ((request.data, "input"), (request.predict, "predict")):
        if key:
            found = s3.latest_versions(source, key, limit=rules.MAX_OBJECTS + 1)
            rules.check_data(found, f"s3://{source}/{key}")
            copies += rules.copies(found, f"{folder}/{part}/")
    recorded = s3.write_once(target, f"{folder}/pinned.json", {"execution": execution, "copies": copies})
    pinned = rules.recorded_copies(recorded, execution)
    s3.copy_all(source, target, pinned, tag=rules.PINNED_DATA_TAG)
    return pinned
