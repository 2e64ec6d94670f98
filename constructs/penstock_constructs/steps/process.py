"""Process: the data are made ready, and divided into what trains, what validates and what tests."""

from penstock_constructs.steps.processing import Input, Processing, processing
from penstock_constructs.steps.step import Machine, Step


def process(*, machine: Machine, job: Processing, code: str, files: int, then: str) -> Step:
    """Divide `data`; `code` is the S3 URI of the user's own script, as it stands in the request, or ''.

    Each part is written in that many `files`, so that as many instances can share it.
    """
    own = [Input("code", f"'{code}'")] if code else []
    return processing(
        "Process",
        machine=machine,
        job=job,
        suffix="process",
        command="process",
        inputs=[Input("data", "$data"), Input("settings", "$settings"), *own],
        output="$folder & '/processed/'",
        more_arguments=[f"'--files', '{files}'"],
        then=then,
    )
