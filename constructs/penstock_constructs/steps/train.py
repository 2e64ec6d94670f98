"""Train: a SageMaker training job."""

from penstock_constructs.steps.job import job_permissions, job_substitutions, run_job
from penstock_constructs.steps.step import Machine, Step, attempt, tag_list
from penstock_constructs.steps.training import TRAINED, Training


def train(*, machine: Machine, training: Training, then: str) -> Step:
    """Run a training job of `image` to its end; its name begins with the machine's.

    It assigns `artefact`, the S3 URI of the model, `training_job`, and `training_metrics`.
    """
    request = {
        "TrainingJobName": f"{{% {attempt(machine.name)} %}}",
        "HyperParameters": "{% $hyperparameters %}",
        **training.request_alone(),
        "Tags": tag_list(machine.tags),
    }
    state = run_job("createTrainingJob", request, max_runtime_seconds=training.longest_seconds)
    return Step(
        states={"Train": state | {"Assign": TRAINED, "Next": then}},
        statements=job_permissions(machine, "training-job", machine.name),
        substitutions=job_substitutions(machine),
    )
