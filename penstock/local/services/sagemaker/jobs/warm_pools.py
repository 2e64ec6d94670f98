"""Warm pools: instances that a training job keeps for the next one of its kind.

https://docs.aws.amazon.com/sagemaker/latest/dg/train-warm-pools.html
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from penstock.local.service import AwsError, JsonObject
from penstock.local.services.sagemaker.jobs.job import ENDED, Job

_STATUS = "WarmPoolStatus"
_RESOURCES = ("InstanceCount", "InstanceType", "VolumeSizeInGB", "VolumeKmsKeyId")
_OTHERS = ("RoleArn", "VpcConfig", "EnableInterContainerTrafficEncryption", "EnableNetworkIsolation")


def check_warm_pool(request: JsonObject) -> None:
    """Refuse a warm pool of spot instances.

    Raises:
        AwsError: ValidationException.
    """
    if _kept(request) and request.get("EnableManagedSpotTraining", False):
        raise AwsError("ValidationException", "KeepAlivePeriodInSeconds is not supported with managed spot training.")


def take(job: Job, others: Iterable[Job]) -> None:
    """Give a new job the pool of a former one, if one of its kind waits."""
    now, kind = job.context.clock.now(), _kind(job.request)
    former = next((one for one in others if _kind(one.request) == kind and _waits(one, now)), None)
    if former is not None:
        waited = warm_pool(former, now) or {}
        former.found(**{_STATUS: {**waited, "Status": "Reused", "ReusedByJob": job.name}})


def warm_pool(job: Job, now: datetime) -> JsonObject | None:
    """Return the WarmPoolStatus of a job, which changes with time; without a pool there is none."""
    found, seconds = job.result.get(_STATUS), _kept(job.request)
    if found is not None or not seconds:
        return found
    if job.status not in ENDED:
        return {"Status": "InUse"}
    if job.status == "Failed":
        return {"Status": "Terminated", "ResourceRetainedBillableTimeInSeconds": 0}
    waited = now - _ended(job)
    kept = min(waited, timedelta(seconds=seconds))
    return {
        "Status": "Available" if waited < timedelta(seconds=seconds) else "Terminated",
        "ResourceRetainedBillableTimeInSeconds": int(kept.total_seconds()),
    }


def _waits(job: Job, now: datetime) -> bool:
    pool = warm_pool(job, now)
    return pool is not None and pool["Status"] == "Available"


def _ended(job: Job) -> datetime:
    ended: datetime = job.result["TrainingEndTime"]
    return ended


def _kept(request: JsonObject) -> int:
    return int(request["ResourceConfig"].get("KeepAlivePeriodInSeconds", 0))


def _kind(request: JsonObject) -> list[Any]:
    """Return what two jobs must have in common to use the same instances."""
    resources = request["ResourceConfig"]
    return [*(resources.get(name) for name in _RESOURCES), *(request.get(name) or None for name in _OTHERS)]
