"""A function's own role, with which Lambda polls, logs, traces and reports for it."""

from typing import Any

from penstock.local.clients import Clients
from penstock.local.services.functions.configuration import PRINCIPAL, Configuration


def acting(clients: Clients, configuration: Configuration, service: str) -> Any:
    """Return a client of a service that acts as the role of a function."""
    return clients.role(
        configuration["Role"], service, session=configuration.name, by=PRINCIPAL, source=configuration.arn
    )
