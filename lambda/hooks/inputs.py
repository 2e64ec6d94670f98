"""What an execution may ask for: pure functions, with no AWS in them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hooks.rules import InvalidInput

_INSTANCE_TYPE = re.compile(r"ml\.[a-z0-9-]+\.[a-z0-9-]+")
_S3_URI = re.compile(r"s3://([^/]+)/(.+)")
# CreateTrainingJob's limits: how many there are, and the characters of a name and of a value.
_MAX_HYPERPARAMETERS, _MAX_NAME, _MAX_VALUE = 100, 256, 2500
_MAX_SHOWN = 80
_TRAINING, _KNOWN = ("data", "train", "deploy", "predict"), ("generation", "deploy", "predict")
_KEYS = {"train": ("hyperparameters", "instance_type"), "deploy": ("instance_type",)}


@dataclass(frozen=True)
class Pipeline:
    """What is asked of: a pipeline with a data bucket, the spec's defaults, and predictions in batches or none.

    `defaults` has `hyperparameters`, `instance_types` and `tuned`: the hyperparameters that are searched.
    """

    data_bucket: str
    defaults: Mapping[str, Any]
    batch: bool


@dataclass(frozen=True)
class Request:
    """What an execution's input asks for: a model of the data with the key `data`, or the one that is `generation`.

    The rows to predict, if any, have the key `predict`. Keys are in the data bucket; what the input sets is over the
    spec's defaults.
    """

    data: str
    generation: int
    predict: str
    hyperparameters: dict[str, str]
    instance_types: dict[str, str]


def read_input(value: Any, pipeline: Pipeline) -> Request:
    """Return what an execution's input asks for.

    Raises:
        InvalidInput: listing everything that is wrong with it.
    """
    problems = list(_input_problems(value, pipeline))
    if problems:
        listed = "".join(f"\n- {problem}" for problem in problems)
        raise InvalidInput(
            f"The execution's input cannot be used:{listed}\nNothing was started. Start another execution, "
            f"with an input like {_example(pipeline)}."
        )
    train, deploy, defaults = value.get("train", {}), value.get("deploy", {}), pipeline.defaults
    types = {"train": train, "batch" if pipeline.batch else "deploy": deploy}
    own_types = {use: part["instance_type"] for use, part in types.items() if "instance_type" in part}
    own = {name: _as_text(setting) for name, setting in train.get("hyperparameters", {}).items()}
    return Request(
        data=_key(value.get("data")),
        generation=value.get("generation", 0),
        predict=_key(value.get("predict")),
        hyperparameters={**defaults["hyperparameters"], **own},
        instance_types={**defaults["instance_types"], **own_types},
    )


def _input_problems(value: Any, pipeline: Pipeline) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"it is {_show(value)}; an object is needed, like {_example(pipeline)}."
        return
    known = "generation" in value
    yield from _unknown_keys(value, "", _KNOWN if known else _TRAINING)
    if known:
        yield from _generation_problems(value["generation"])
    else:
        yield from _uri_problems("data", value.get("data"), pipeline)
    yield from _predict_problems(value, pipeline)
    for name, keys in _KEYS.items():
        part = value.get(name, {})
        if not isinstance(part, dict):
            yield f"{name}: {_show(part)} is no object."
            continue
        yield from _unknown_keys(part, f"{name}.", keys)
        yield from _instance_type_problems(part, name)
    if isinstance(train := value.get("train"), dict):
        yield from _hyperparameter_problems(train.get("hyperparameters", {}), pipeline.defaults)


def _unknown_keys(part: Mapping[str, Any], prefix: str, keys: tuple[str, ...]) -> Iterator[str]:
    for key in part:
        if key not in keys:
            yield f"{prefix}{key}: unknown key. Keys here: {', '.join(keys)}."


def _generation_problems(generation: Any) -> Iterator[str]:
    if not isinstance(generation, int) or isinstance(generation, bool) or generation < 1:
        yield f"generation: {_show(generation)} is no generation; they are numbered from 1."


def _predict_problems(value: Mapping[str, Any], pipeline: Pipeline) -> Iterator[str]:
    if pipeline.batch:
        yield from _uri_problems("predict", value.get("predict"), pipeline)
    elif "predict" in value:
        yield "predict: this pipeline has an endpoint; only one whose deploy.kind is batch takes rows to predict."


def _uri_problems(name: str, value: Any, pipeline: Pipeline) -> Iterator[str]:
    bucket = pipeline.data_bucket
    uri = _S3_URI.fullmatch(value) if isinstance(value, str) else None
    if uri is None:
        found = "missing" if value is None else _show(value)
        yield f"{name}: {found}; an S3 URI is needed, s3://{bucket}/ and then a folder ending with / or a file."
    elif uri[1] != bucket:
        yield f"{name}: {_show(value)} is in another bucket; only {bucket} may be read. Copy the data there."


def _instance_type_problems(part: Mapping[str, Any], name: str) -> Iterator[str]:
    type_ = part.get("instance_type", "ml.any.type")
    if not (isinstance(type_, str) and _INSTANCE_TYPE.fullmatch(type_)):
        yield f"{name}.instance_type: {_show(type_)} is no instance type; they are like ml.m5.large."


def _hyperparameter_problems(hyperparameters: Any, defaults: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(hyperparameters, dict):
        yield f"train.hyperparameters: {_show(hyperparameters)} is no object."
        return
    if (count := len({*defaults["hyperparameters"], *hyperparameters})) > _MAX_HYPERPARAMETERS:
        yield f"train.hyperparameters: {count} with the spec's own; SageMaker takes {_MAX_HYPERPARAMETERS}."
    for name, setting in hyperparameters.items():
        where = "train.hyperparameters." + _show(name).strip('"')
        if len(name) > _MAX_NAME or _has_lines(name):
            yield f"{where}: SageMaker takes names of one line and {_MAX_NAME} characters at most."
        if name in defaults.get("tuned", ()):
            yield f"{where}: it is tuned; its range is in the spec, under tune.ranges."
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
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 3]}…"


def _example(pipeline: Pipeline) -> str:
    predict = {"predict": f"s3://{pipeline.data_bucket}/rows/"} if pipeline.batch else {}
    return json.dumps({"data": f"s3://{pipeline.data_bucket}/folder/"} | predict)


def _key(uri: str | None) -> str:
    return uri.split("/", 3)[3] if uri else ""
