"""The folder /opt/ml as a training container finds it.

https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
"""

import json
from collections.abc import Sequence
from typing import Any

from penstock.local.service import JsonObject
from penstock.local.services.sagemaker.jobs.host import Host
from penstock.local.services.sagemaker.jobs.inputs import fetch, listed, shard

_GROUP = "homogeneousCluster"
_REPLICATED = "FullyReplicated"


def write_configuration(host: Host, hosts: Sequence[Host], request: JsonObject) -> None:
    """Write the files of input/config of a host, and make the folders that a container writes to."""
    for folder in ("input/config", "input/data", "model", "output/data"):
        (host.base / folder).mkdir(parents=True, exist_ok=True)
    instance, names = request["ResourceConfig"]["InstanceType"], [one.name for one in hosts]
    resources = {
        "current_host": host.name,
        "current_instance_type": instance,
        "current_group_name": _GROUP,
        "hosts": names,
        "instance_groups": [{"instance_group_name": _GROUP, "instance_type": instance, "hosts": names}],
        "network_interface_name": "eth0",
    }
    channels = {channel["ChannelName"]: _channel(channel) for channel in request.get("InputDataConfig", [])}
    for name, content in {
        "hyperparameters": request.get("HyperParameters", {}),
        "inputdataconfig": channels,
        "resourceconfig": resources,
    }.items():
        (host.base / "input" / "config" / f"{name}.json").write_text(json.dumps(content, indent=2))


def download_channels(s3: Any, hosts: Sequence[Host], request: JsonObject) -> None:
    """Copy the objects of each channel to input/data/<channel> of each host, or its share of them.

    Raises:
        ClientError: S3 refuses one of them.
        ValueError: a channel has no objects, or a key that leads elsewhere.
    """
    for channel in request.get("InputDataConfig", []):
        source = channel["DataSource"]["S3DataSource"]
        items = listed(s3, source)
        for host in hosts:
            own = shard(items, source.get("S3DataDistributionType", _REPLICATED), host.number, len(hosts))
            fetch(s3, own, host.base / "input" / "data" / channel["ChannelName"])


def _channel(channel: JsonObject) -> JsonObject:
    distribution = channel["DataSource"]["S3DataSource"].get("S3DataDistributionType", _REPLICATED)
    content = {"ContentType": channel["ContentType"]} if "ContentType" in channel else {}
    return {
        **content,
        "RecordWrapperType": channel.get("RecordWrapperType", "None"),
        "S3DistributionType": distribution,
        "TrainingInputMode": "File",
    }
