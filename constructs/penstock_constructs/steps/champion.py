"""Find champion: the model that serves now is the one to beat."""

from penstock_constructs.hook import Hook
from penstock_constructs.policy import allow
from penstock_constructs.steps.evaluate import OTHER_IMAGE
from penstock_constructs.steps.step import LAMBDA_FAULTS, Step, task


def find_champion(*, hook: Hook, known: str, score: str, then: str) -> Step:
    """Call the hook; it assigns `champion`, an empty object if nothing serves.

    A model that is known was judged when it was new: then `known` is next. A champion of another image is scored first,
    in the state `score`.
    """
    state = task(
        "lambda:invoke", {"FunctionName": "${FindChampionFunction}"}, timeout_seconds=120, retry_on=LAMBDA_FAULTS
    )
    return Step(
        states={
            "Find champion": state
            | {"Assign": {"champion": "{% $states.result.Payload.champion %}"}, "Next": "To evaluate"},
            "To evaluate": {
                "Type": "Choice",
                "Choices": [
                    {"Condition": "{% $known %}", "Next": known},
                    {"Condition": f"{{% {OTHER_IMAGE} %}}", "Next": score},
                ],
                "Default": then,
            },
        },
        statements=[allow("FindChampionInvoke", "lambda:InvokeFunction", hook.arn)],
        substitutions={"FindChampionFunction": hook.arn},
    )
