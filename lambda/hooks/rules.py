"""What data a run may use, where it keeps them, and how it is named: pure functions, with no AWS in them."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

MAX_OBJECTS = 1000
# The platform's lifecycle rule goes by this tag.
PINNED_DATA_TAG = "penstock=pinned-data"

_RUN_ID = re.compile("[0-9a-f]{8}")
_RUN_FOLDER = re.compile(r"s3://[^/]+/[^/]+/runs/([0-9a-f]{8})/")
# Families with disks of their own: those with a d after their generation (m5d, g4dn, p4de), and these.
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-volumes.html
_OWN_DISKS = re.compile(r"ml\.([a-z]+\d+[a-z]*d[a-z]*|g5|g6e?|g7e?|gr6|p5e?n?|p6e?-\w+|trn1n?|trn2|dl1)\.")


class InvalidInput(Exception):  # noqa: N818  Step Functions shows the name as it stands
    """The execution's input, or the data that it names, cannot be used."""


class DataObject(NamedTuple):
    """The current version of an object."""

    key: str
    version: str
    size: int


class Copy(NamedTuple):
    """A version of an object, and the key that it is copied to."""

    key: str
    version: str
    size: int
    target: str


def check_data(objects: Sequence[DataObject], uri: str) -> None:
    """Check that there are data, in a form that a training job can take.

    Raises:
        InvalidInput: there are none, too many, empty ones, or others than CSV files.
    """
    if not objects:
        folder = "" if uri.endswith("/") else f' If it is a folder, write "{uri}/".'
        raise InvalidInput(
            f"There are no data at {uri}: no object has that key.{folder} Upload them, then start again."
        )
    if len(objects) > MAX_OBJECTS:
        raise InvalidInput(
            f"There are more than {MAX_OBJECTS:,} objects below {uri}. Join them into fewer, larger files."
        )
    empty = [item.key for item in objects if item.size == 0]
    other = [item.key for item in objects if not item.key.endswith(".csv")]
    for keys, fault in ((empty, "empty"), (other, "not .csv files")):
        if keys:
            raise InvalidInput(
                f"{len(keys)} of the {len(objects)} objects at {uri} are {fault}, the first of them {keys[0]}. "
                "Remove or replace them, then start again."
            )


def run_id(execution: str) -> str:
    """Return the short id of an execution: 8 hexadecimal digits, always the same ones; its name where that is such."""
    name = execution.rpartition(":")[2]
    return name if _RUN_ID.fullmatch(name) else hashlib.sha256(execution.encode()).hexdigest()[:8]


def run_of(artefact: str) -> str:
    """Return the id of the run that a model's artefact is of, or "" if it is of none of ours."""
    run = _RUN_FOLDER.match(artefact)
    return run[1] if run else ""


def copies(objects: Sequence[DataObject], prefix: str) -> list[Copy]:
    """Return where each object is copied to: below one prefix, in the same order, whatever folders they came from."""
    return [
        Copy(*item, target=f"{prefix}{number:04}-{item.key.rpartition('/')[2]}") for number, item in enumerate(objects)
    ]


def recorded_copies(record: Mapping[str, Any], execution: str) -> list[Copy]:
    """Return the copies that an execution has recorded, or another call of it.

    Raises:
        InvalidInput: the record is another execution's, which has the same short id.
    """
    if record["execution"] != execution:
        raise InvalidInput(
            f"The run id {run_id(execution)} of {execution} is taken: {record['execution']} has pinned its data under "
            "it. Nothing was started. Start another execution, under another name."
        )
    return [Copy(*copy) for copy in record["copies"]]


def takes_volume_key(instance_type: str) -> bool:
    """Return whether SageMaker takes a KMS key for the type's disks; with disks of its own it refuses one."""
    return _OWN_DISKS.match(instance_type) is None
