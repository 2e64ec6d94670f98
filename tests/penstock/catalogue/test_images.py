import subprocess
import sys

import pytest

from penstock.catalogue.images import ImageReference, prebuilt_image, versions
from penstock.errors import PenstockError


@pytest.mark.parametrize(
    ("name", "version", "region", "uri"),
    [
        (
            "scikit-learn",
            "1.2-1",
            "us-east-1",
            "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
        ),
        (
            "scikit-learn",
            "1.4-2",
            "cn-north-1",
            "450853457545.dkr.ecr.cn-north-1.amazonaws.com.cn/sagemaker-scikit-learn:1.4-2-cpu-py3",
        ),
        (
            "spark",
            "3.5",
            "eu-central-1",
            "906073651304.dkr.ecr.eu-central-1.amazonaws.com/sagemaker-spark-processing:3.5-cpu-py312-v1",
        ),
        (
            "spark",
            "3.3",
            "us-gov-west-1",
            "271483468897.dkr.ecr.us-gov-west-1.amazonaws.com/sagemaker-spark-processing:3.3-cpu-py39-v1",
        ),
    ],
)
def test_uri_is_that_of_the_sagemaker_sdk(name: str, version: str, region: str, uri: str) -> None:
    assert prebuilt_image(name, version, region).uri == uri


def test_reference_has_the_parts_of_the_uri() -> None:
    assert prebuilt_image("spark", "3.5", "us-east-1") == ImageReference(
        account="173754725891",
        repository="sagemaker-spark-processing",
        tag="3.5-cpu-py312-v1",
        uri="173754725891.dkr.ecr.us-east-1.amazonaws.com/sagemaker-spark-processing:3.5-cpu-py312-v1",
    )


@pytest.mark.parametrize("name", ["scikit-learn", "spark"])
def test_newest_version_is_the_default(name: str) -> None:
    numbers = [
        tuple(int(part) for part in version.replace("-py", "-").replace("-", ".").split("."))
        for version in versions(name)
    ]

    assert numbers == sorted(numbers, reverse=True)
    assert prebuilt_image(name, None, "us-east-1").tag.startswith(f"{versions(name)[0]}-cpu-")


@pytest.mark.parametrize(
    ("name", "version", "region", "message"),
    [
        ("sklearn", None, "us-east-1", "sklearn: SageMaker has no such image. There are: scikit-learn, spark."),
        ("spark", "9.9", "us-east-1", "spark 9.9: SageMaker has no such version. There are: 3.5, 3.3, "),
        (
            "spark",
            "3.5",
            "us-east-9",
            "spark 3.5: SageMaker has no such image in us-east-9. There is one in: af-south-1, ",
        ),
    ],
)
def test_error_names_what_there_is(name: str, version: str | None, region: str, message: str) -> None:
    with pytest.raises(PenstockError) as caught:
        prebuilt_image(name, version, region)

    assert str(caught.value).startswith(message)


def test_neither_the_sdk_nor_botocore_is_imported() -> None:
    script = (
        "import sys; from penstock.catalogue.images import prebuilt_image; prebuilt_image('spark', None, 'us-east-1');"
        " print({'sagemaker', 'botocore', 'boto3'} & sys.modules.keys())"
    )

    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "set()\n"
    )


def test_missing_sdk_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.catalogue.images._FILES", {"x": ("no-such-file", "training")})

    with pytest.raises(PenstockError, match=r"sagemaker/core/image_uri_config/no-such-file\.json is not installed"):
        prebuilt_image("x", None, "us-east-1")
