"""The services that Penstock serves itself, behind the gateway."""

from penstock.local.gateway import validation
from penstock.local.gateway.journal import Entry, Journal
from penstock.local.gateway.requests import Call
from penstock.local.service import Caller, JsonObject, Service


def serve(service: Service, call: Call, caller: Caller, journal: Journal | None) -> JsonObject:
    """Return a service's answer; a call whose whole effect is state goes into the journal, at the time of the cloud.

    Which ones these are, the service says in `JOURNALLED`; of everything else that it does it keeps records itself.

    Raises:
        AwsError: what AWS would have answered.
    """
    name = str(call.operation.name)
    now = journal.clock.now() if journal else None
    result = service.call(name, call.parameters, caller)
    validation.check_response(call.operation, result)
    if journal and now and name in getattr(service, "JOURNALLED", frozenset()):
        noted = Entry(time=now, service=service.name, operation=name, caller=caller, request=call.parameters, kept={})
        journal.write(noted)
    return result
