"""How the data are made ready and divided."""

from typing import Literal

from pydantic import Field

from penstock.spec.fields import Line, Name, Section
from penstock.spec.values import Minutes, Volume, lists

SCRIPT = "process.py"  # what is used where nothing is named and the file is there


class Process(Section):
    """The processing job that makes the data ready and divides them into train, validation and test."""

    container: Name = Field(
        default="tabular", description="The folder of containers/ whose programs check, process, score and evaluate."
    )
    image: Literal["scikit-learn"] | None = Field(
        default=None,
        description="An image of SageMaker's own that these programs run in, not the container's: scikit-learn.",
    )
    version: Line | None = Field(
        default=None, description="The version of SageMaker's image (image, or engine spark); by default the newest."
    )
    engine: Literal["python", "spark"] = Field(
        default="python",
        description="What runs the processing: python; or spark, SageMaker's own Spark image, on several instances.",
    )
    script: Line | None = Field(
        default=None,
        description="A Python file in the pipeline's folder with a function process(frame) that changes the rows "
        "before they are divided; process.py where there is such a file.",
    )
    instance_type: str = Field(
        default="ml.m5.large",
        json_schema_extra=lists("processing"),
        description="The SageMaker instance type that processes.",
    )
    instance_count: int = Field(
        default=1, ge=1, le=100, description="How many instances process; more than one only with engine spark."
    )
    volume_gb: Volume = Field(default=30, description="The size of its disk, in GB.")
    max_runtime_minutes: Minutes = Field(default=60, description="Processing is stopped after this time, in minutes.")
