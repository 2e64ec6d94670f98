"""What goes wrong on purpose."""

from penstock.local.faults.faults import Faults
from penstock.local.faults.found import EndpointFault, HookFault, JobFault, ServingFault

__all__ = ["EndpointFault", "Faults", "HookFault", "JobFault", "ServingFault"]
