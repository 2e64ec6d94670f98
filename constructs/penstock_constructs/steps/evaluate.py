"""Evaluate: the model, and the champion, are judged on rows that neither was trained on."""

from dataclasses import replace

from penstock_constructs.steps.processing import Input, Processing, processing
from penstock_constructs.steps.step import Machine, Step

_TEST = Input("test", "$folder & '/processed/test/'")
_SETTINGS = Input("settings", "$settings")
_CHAMPION = "$exists($champion.run)"
# The champion's program may need another image than the model's: then that image scores it, beforehand.
OTHER_IMAGE = f"({_CHAMPION} and $champion.image != $image)"


def score_champion(*, machine: Machine, job: Processing, then: str) -> Step:
    """Let the champion predict the test rows, in the image that it was trained in."""
    return processing(
        "Score champion",
        machine=machine,
        job=replace(job, image="{% $champion.image %}"),
        suffix="champion",
        command="score",
        inputs=[Input("model", "$champion.artefact"), _TEST, _SETTINGS],
        output="$folder & '/champion/'",
        then=then,
    )


def evaluate(*, machine: Machine, job: Processing, then: str) -> Step:
    """Judge the model, in its own image; it assigns `evaluation`, the folder of evaluation.json and report.html."""
    return processing(
        "Evaluate",
        machine=machine,
        job=replace(job, image="{% $image %}"),
        suffix="evaluate",
        command="evaluate",
        inputs=[
            Input("model", "$artefact"),
            _TEST,
            _SETTINGS,
            Input("seen", "$folder & '/processed/seen/'"),
            Input("champion-model", "$champion.artefact", f"{_CHAMPION} and $champion.image = $image"),
            Input("champion-predictions", "$folder & '/champion/'", OTHER_IMAGE),
            Input("champion-seen", "$champion.seen", f"{_CHAMPION} and $champion.seen != ''"),
        ],
        output="$folder & '/evaluation/'",
        more_arguments=[f"({_CHAMPION} ? ['--champion-run', $champion.run])"],
        assign={"evaluation": "{% $folder & '/evaluation/' %}"},
        then=then,
    )
