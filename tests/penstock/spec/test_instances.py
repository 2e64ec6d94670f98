import json

import pytest
from botocore.loaders import Loader

from penstock.spec.instances import FILE


@pytest.mark.snapshot
def test_instance_types_are_those_of_botocore(pytestconfig: pytest.Config) -> None:
    shapes = Loader().load_service_model("sagemaker", "service-2")["shapes"]
    types = {
        "training": shapes["TrainingInstanceType"]["enum"],
        "hosting": shapes["ProductionVariantInstanceType"]["enum"],
        "processing": shapes["ProcessingInstanceType"]["enum"],
        "transform": shapes["TransformInstanceType"]["enum"],
    }
    if pytestconfig.getoption("update_snapshots"):
        FILE.write_text(json.dumps(types, indent=2) + "\n")

    assert json.loads(FILE.read_text()) == types
