"""The folder /opt/ml as a training container finds it.

https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
"""

import json
from pathlib import Path
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.s3 import S3Uri, download_all

_HOST, _GROUP = "algo-1", "homogeneousCluster"


def write_configuration(base: Path, request: JsonObject) -> None:
    """Write the files of input/config, and make the folders that a container writes to."""
    for folder in ("input/config", "input/data", "model", "output/data"):
        (base / folder).mkdir(parents=True, exist_ok=True)
    instance = request["ResourceConfig"]["InstanceType"]
    resources = {
        "current_host": _HOST,
        "current_instance_type": instance,
        "current_group_name": _GROUP,
        "hosts": [_HOST],
        "instance_groups": [{"instance_group_name": _GROUP, "instance_type": instance, "hosts": [_HOST]}],
        "network_interface_name": "eth0",
    }
    channels = {channel["ChannelName"]: _channel(channel) for channel in request.get("InputDataConfig", [])}
    for name, content in {
        "hyperparameters": request.get("HyperParameters", {}),
        "inputdataconfig": channels,
        "resourceconfig": resources,
    }.items():
        (base / "input" / "config" / f"{name}.json").write_text(json.dumps(content, indent=2))


def download_channels(s3: Any, base: Path, request: JsonObject) -> None:
    """Copy the objects of each channel to input/data/<channel>.

    Raises:
        ClientError: S3 refuses one of them.
        ValueError: a channel has no objects, or a key that leads elsewhere.
    """
    for channel in request.get("InputDataConfig", []):
        uri = channel["DataSource"]["S3DataSource"]["S3Uri"]
        if not download_all(s3, S3Uri.parse(uri), base / "input" / "data" / channel["ChannelName"]):
            raise ValueError(f"no objects under {uri}")


def _channel(channel: JsonObject) -> JsonObject:
    distribution = channel["DataSource"]["S3DataSource"].get("S3DataDistributionType", "FullyReplicated")
    content = {"ContentType": channel["ContentType"]} if "ContentType" in channel else {}
    return {
        **content,
        "RecordWrapperType": channel.get("RecordWrapperType", "None"),
        "S3DistributionType": distribution,
        "TrainingInputMode": "File",
    }
