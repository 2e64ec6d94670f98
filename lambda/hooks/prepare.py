"""Prepare: checks the execution's input, and pins the data, so that what a run trains on cannot change under it."""

import os
from typing import Any

from hooks import champions, generations, inputs, pinning, rules
from hooks.aws import s3, sagemaker


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Return what the run is to use; called again for the same execution, the same.

    Raises:
        InvalidInput: the input, or what it names, cannot be used.
    """
    execution, defaults, batch = event["execution"], event["defaults"], os.environ["KIND"] == "batch"
    request = inputs.read_input(event["input"], inputs.Pipeline(os.environ["DATA_BUCKET"], defaults, batch))
    run, bucket, runs = rules.run_id(execution), os.environ["ARTEFACT_BUCKET"], f"{os.environ['PIPELINE']}/runs"
    model = _known(execution, request.generation) if request.generation else None
    pinned = pinning.pin(request, execution, f"{runs}/{run}")
    if model is None:
        settings = {**defaults["settings"], "hyperparameters": request.hyperparameters}
        s3.write_once(bucket, f"{runs}/{run}/settings/settings.json", settings)
        model = generations.Generation(number=0, run=run, artefact="", image=event["image"])
    folder = f"s3://{bucket}/{runs}/{run}"
    return {
        "run": run,
        "known": request.generation > 0,
        "generation": model.number,
        "model_run": model.run,
        "artefact": model.artefact,
        "image": model.image,
        "folder": folder,
        "data": f"{folder}/input/",
        "predict": f"{folder}/predict/" if request.predict else "",
        # A known model takes the columns that it was trained with, whatever the spec says by now.
        "settings": f"s3://{bucket}/{runs}/{model.run}/settings/",
        # Nothing is checked of a known model's data: it has none.
        "champion_profile": "" if request.generation else champions.kept(champions.find(), "profile"),
        "hyperparameters": request.hyperparameters,
        "instance_types": request.instance_types,
        "volume_keys": {use: rules.takes_volume_key(type_) for use, type_ in request.instance_types.items()},
        "objects": len(pinned),
        "bytes": sum(copy.size for copy in pinned),
    }


def _known(execution: str, number: int) -> generations.Generation:
    name = os.environ["NAME"]
    return generations.check_known(
        sagemaker.describe_package(generations.package_arn(execution, name, number)), name, number
    )
