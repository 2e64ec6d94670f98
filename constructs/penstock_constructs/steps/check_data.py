"""Check data: bad data stop the run before anything is trained on them."""

from penstock_constructs.steps.processing import Input, Processing, processing
from penstock_constructs.steps.step import Machine, Step


def check_data(*, machine: Machine, job: Processing, then: str) -> Step:
    """Profile `data` and hold the profile against `settings`, and against `champion_profile` if there is one.

    The profile is kept of data that do not pass, too: it says why.
    """
    return processing(
        "Check data",
        machine=machine,
        job=job,
        suffix="check",
        command="check",
        inputs=[
            Input("data", "$data"),
            Input("settings", "$settings"),
            Input("champion", "$champion_profile", "$champion_profile != ''"),
        ],
        output="$folder & '/profile/'",
        continuous=True,
        then=then,
    )
