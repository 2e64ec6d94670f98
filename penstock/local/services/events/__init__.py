"""Amazon EventBridge in the local cloud: rules, schedules, and their targets."""

from penstock.local.services.events.events import Events
from penstock.local.services.events.overlay import EventBridge

__all__ = ["EventBridge", "Events"]
