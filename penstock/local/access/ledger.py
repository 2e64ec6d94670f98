"""What each role was granted, what of it was used, and what it was denied."""

import threading
from collections import Counter
from collections.abc import Iterable, Sequence

from penstock.local.access.documents import Policy, Statement
from penstock.local.access.patterns import matches_action
from penstock.local.access.reasons import reason
from penstock.local.service import JsonObject

# A role's ARN, the policy and the statement that allowed, and the action.
_Use = tuple[str, str, str, str]


class Ledger:
    """Counts what was allowed by which statement, and what was denied, for as long as the cloud runs."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: Counter[_Use] = Counter()
        self._denied: Counter[tuple[str, str, str]] = Counter()

    def allowed(self, role: str, action: str, statements: Sequence[Statement]) -> None:
        """Note which statements let a role take an action."""
        with self._lock:
            for one in statements:
                self._used[role, one.policy, one.sid, action] += 1

    def denied(self, role: str, action: str, resource: str) -> None:
        """Note what a role may not do, and tried."""
        with self._lock:
            self._denied[role, action, resource] += 1

    def of_role(self, role: str, policies: Iterable[Policy]) -> JsonObject:
        """Return a role's account: `granted`, by statement and action, with how often each was used, and `denied`."""
        with self._lock:
            used = [(use, times) for use, times in self._used.items() if use[0] == role]
            denied = [(use[1:], times) for use, times in self._denied.items() if use[0] == role]
        granted = [
            _grant(role, statement, pattern, used)
            for policy in policies
            for statement in policy.statements
            if statement.allows
            for pattern in statement.actions
        ]
        refusals = [{"action": action, "resource": resource, "times": times} for (action, resource), times in denied]
        return {"role": role.rpartition("/")[2], "granted": granted, "denied": refusals}


def _grant(role: str, statement: Statement, pattern: str, used: Sequence[tuple[_Use, int]]) -> JsonObject:
    times = sum(
        count
        for (_, policy, sid, action), count in used
        if (policy, sid) == (statement.policy, statement.sid) and matches_action(pattern, action)
    )
    why = reason(role, statement.sid, pattern)
    return {"policy": statement.policy, "statement": statement.sid, "action": pattern, "used": times, "reason": why}
