"""What an execution may ask for, and what data it may train on: pure functions, with no AWS in them."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

MAX_OBJECTS = 1000
# The platform's lifecycle rule goes by this tag.
PINNED_DATA_TAG = "penstock=pinned-data"

_INSTANCE_TYPE = re.compile(r"ml\.[a-z0-9-]+\.[a-z0-9-]+")
_RUN_ID = re.compile("[0-9a-f]{8}")
_S3_URI = re.compile(r"s3://([^/]+)/(.+)")
# CreateTrainingJob's limits: how many there are, and the characters of a name and of a value.
_MAX_HYPERPARAMETERS, _MAX_NAME, _MAX_VALUE = 100, 256, 2500
_KEYS = {"": ("data", "train", "deploy"), "train": ("hyperparameters", "instance_type"), "deploy": ("instance_type",)}
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


@dataclass(frozen=True)
class Request:
    """What an execution's input asks for: data in the data bucket, and the spec's defaults with its own over them."""

    key: str
    hyperparameters: dict[str, str]
    instance_types: dict[str, str]


def read_input(value: Any, *, data_bucket: str, defaults: Mapping[str, Mapping[str, str]]) -> Request:
    """Return what an execution's input asks for.

    Raises:
        InvalidInput: listing everything that is wrong with it.
    """
    problems = list(_input_problems(value, data_bucket, defaults["hyperparameters"]))
    if problems:
        listed = "".join(f"\n- {problem}" for problem in problems)
        raise InvalidInput(
            f"The execution's input cannot be used:{listed}\nNothing was started. Start another execution, "
            f'with an input like {{"data": "s3://{data_bucket}/folder/"}}.'
        )
    train, deploy = value.get("train", {}), value.get("deploy", {})
    own_types = {
        use: part["instance_type"] for use, part in (("train", train), ("deploy", deploy)) if "instance_type" in part
    }
    own = {name: _as_text(setting) for name, setting in train.get("hyperparameters", {}).items()}
    return Request(
        key=value["data"].split("/", 3)[3],
        hyperparameters={**defaults["hyperparameters"], **own},
        instance_types={**defaults["instance_types"], **own_types},
    )


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


def _input_problems(value: Any, data_bucket: str, defaults: Mapping[str, str]) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f'it is {_show(value)}; an object is needed, like {{"data": "s3://{data_bucket}/folder/"}}.'
        return
    yield from _unknown_keys(value, "")
    yield from _data_problems(value.get("data"), data_bucket)
    for name in ("train", "deploy"):
        part = value.get(name, {})
        if not isinstance(part, dict):
            yield f"{name}: {_show(part)} is no object."
            continue
        yield from _unknown_keys(part, name)
        yield from _instance_type_problems(part, name)
    if isinstance(train := value.get("train"), dict):
        yield from _hyperparameter_problems(train.get("hyperparameters", {}), defaults)


def _unknown_keys(part: Mapping[str, Any], name: str) -> Iterator[str]:
    prefix = f"{name}." if name else ""
    for key in part:
        if key not in _KEYS[name]:
            yield f"{prefix}{key}: unknown key. Keys here: {', '.join(_KEYS[name])}."


def _data_problems(data: Any, data_bucket: str) -> Iterator[str]:
    uri = _S3_URI.fullmatch(data) if isinstance(data, str) else None
    if uri is None:
        found = "missing" if data is None else _show(data)
        yield f"data: {found}; an S3 URI is needed, s3://{data_bucket}/ and then a folder ending with / or a file."
    elif uri[1] != data_bucket:
        yield f"data: {_show(data)} is in another bucket; only {data_bucket} may be read. Copy the data there."


def _instance_type_problems(part: Mapping[str, Any], name: str) -> Iterator[str]:
    type_ = part.get("instance_type", "ml.any.type")
    if not (isinstance(type_, str) and _INSTANCE_TYPE.fullmatch(type_)):
        yield f"{name}.instance_type: {_show(type_)} is no instance type; they are like ml.m5.large."


def _hyperparameter_problems(hyperparameters: Any, defaults: Mapping[str, str]) -> Iterator[str]:
    if not isinstance(hyperparameters, dict):
        yield f"train.hyperparameters: {_show(hyperparameters)} is no object."
        return
    if (count := len({*defaults, *hyperparameters})) > _MAX_HYPERPARAMETERS:
        yield f"train.hyperparameters: {count} with the spec's own; SageMaker takes {_MAX_HYPERPARAMETERS}."
    for name, setting in hyperparameters.items():
        where = "train.hyperparameters." + _show(name).strip('"')
        if len(name) > _MAX_NAME or _has_lines(name):
            yield f"{where}: SageMaker takes names of one line and {_MAX_NAME} characters at most."
        if not isinstance(setting, str | int | float):
            yield f"{where}: {_show(setting)} is no single value; give text, a number, true or false."
        elif len(text := _as_text(setting)) > _MAX_VALUE:
            yield f"{where}: {len(text):,} characters; SageMaker takes {_MAX_VALUE:,}."
        elif _has_lines(text):
            yield f"{where}: {_show(setting)} has several lines; SageMaker takes one."


def _has_lines(text: str) -> bool:
    return "\n" in text or "\r" in text


def _as_text(setting: Any) -> str:
    return setting if isinstance(setting, str) else json.dumps(setting)


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}…"  # noqa: PLR2004
