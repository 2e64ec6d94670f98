"""From a model to what answers, and what is left."""

from collections.abc import Callable

from penstock.local.service import JsonObject
from penstock.run import report
from penstock.run.details.seen import Seen
from penstock.spec.mistakes import plural


def waited(seen: Seen) -> str:
    """Take lock: nothing, unless another run had it."""
    return "waited for another run" if "Wait for lock" in seen.run.path else ""


def name(member: str) -> Callable[[Seen], str]:
    """Return what names what a call has made, whose ARN is a member of its answer."""
    return lambda seen: str(seen.state.output[member]).rpartition("/")[2]


def serving(seen: Seen) -> str:
    """Create, update, restore endpoint: its status, its config, and how the traffic went over."""
    # What a choice and a wait pass on is an earlier look's.
    looks = [
        state
        for state in seen.run.states.values()
        if state.resource == "describeEndpoint" and isinstance(state.output, dict) and "EndpointStatus" in state.output
    ]
    if not looks:
        return ""
    last = max(looks, key=lambda look: look.entered).output
    shown = f"{last['EndpointStatus']} on {last['EndpointConfigName']}"
    return " · ".join(filter(None, (shown, rollout(seen.asked))))


def under_way(described: JsonObject) -> str:
    """Return how far a change is, from a look at the endpoint: Updating, Baking."""
    pending = (described.get("PendingDeploymentSummary") or {}).get("ProductionVariants", ())
    stages = [stage["Status"] for variant in pending for stage in variant.get("VariantStatus", ())]
    return ", ".join([described["EndpointStatus"], *stages[-1:]])


def rollout(asked: JsonObject) -> str:
    """Return how an update moves the traffic, from what UpdateEndpoint is asked for; nothing for all at once."""
    policy = (asked.get("DeploymentConfig") or {}).get("BlueGreenUpdatePolicy") or {}
    routing = policy.get("TrafficRoutingConfiguration") or {}
    size = routing.get("CanarySize") or routing.get("LinearStepSize")
    if not size:
        return ""
    share = f"{size['Value']} %" if size["Type"] == "CAPACITY_PERCENT" else f"{size['Value']} instances"
    bake = f"{routing.get('WaitIntervalInSeconds', 0) / 60:g} min"
    return f"canary {share} for {bake}" if routing["Type"] == "CANARY" else f"in steps of {share}, {bake} each"


def smoked(seen: Seen) -> str:
    """Smoke test: how many rows were answered, and from what to what."""
    predictions = seen.state.output["Payload"]["predictions"]
    numbers = [value for value in predictions if isinstance(value, int | float)]
    span = f", from {report.measured(min(numbers))} to {report.measured(max(numbers))}" if numbers else ""
    return f"{len(predictions)} rows{span}"


def scaled(seen: Seen) -> str:
    """Register scaling: how far the number of instances goes."""
    return f"{seen.asked['MinCapacity']} to {seen.asked['MaxCapacity']} instances"


def predicted(seen: Seen) -> str:
    """Predict: where the predictions are."""
    return f"at {seen.state.output['TransformOutput']['S3OutputPath'].partition('://')[2].partition('/')[2]}"


def tidied(seen: Seen) -> str:
    """Tidy: how many of what were deleted."""
    removed = {what: names for what, names in seen.state.output.items() if names}
    counts = [plural(len(names), what.replace("_", " ").removesuffix("s")) for what, names in removed.items()]
    return f"{', '.join(counts)} deleted" if counts else "nothing to delete"
