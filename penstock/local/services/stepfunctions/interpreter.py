"""What moto's interpreter of the Amazon States Language lacks to run our machines as AWS does.

This is the one file that patches moto. Every name that it replaces must be there; each replacement says why.
"""

import functools
import importlib
import json
import logging
import sys
import threading
import time
from dataclasses import dataclass
from importlib.metadata import version
from types import ModuleType
from typing import Any

from penstock.errors import CloudError
from penstock.local.clients import Clients
from penstock.local.services.stepfunctions import evaluation, failures, tasks

_MOTO = "5.2.5"
_PACKAGE = "moto.stepfunctions.parser.asl"
_TASKS = "component.state.exec.state_task"
_INSTALLING = threading.Lock()


@dataclass
class Role:
    """The credentials of a task: the machine's role, for this execution."""

    role_arn: str
    clients: Clients
    session: str

    def client(self, service: str) -> Any:
        """Return a boto3 client that acts as the role."""
        return self.clients.role(self.role_arn, service, session=self.session)


def install() -> None:
    """Patch moto's interpreter, once per process.

    Raises:
        CloudError: this moto is not the one that the patches were written for.
    """
    with _INSTALLING:
        _install()


@functools.cache
def _install() -> None:
    if version("moto") != _MOTO:
        raise CloudError(f"moto {version('moto')} is installed, and {_MOTO} is needed: its interpreter is patched.")
    _leave_out_other_services()
    for module, path, replacement in _REPLACED:
        owner, name = _owner(module, path)
        setattr(owner, name, replacement)
    for module, path, wrap in _WRAPPED:
        owner, name = _owner(module, path)
        setattr(owner, name, wrap(getattr(owner, name)))
    # It logs every failure of a state, at every level of the definition: failures are in the history.
    logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)


def parse(definition: str) -> Any:
    """Return the program that a definition is.

    Raises:
        ValueError: it is no definition of the Amazon States Language; the message says where.
    """
    install()
    parser = importlib.import_module(f"{_PACKAGE}.parse.asl_parser")
    try:
        return parser.AmazonStateLanguageParser.parse(definition)[0]
    except parser.ASLParserException as error:
        raise ValueError("; ".join(error.errors)) from error
    except Exception as error:
        raise ValueError(str(error)) from error


def _owner(module: str, path: str) -> tuple[Any, str]:
    """Return what holds a name to patch, and the name; the name must be there."""
    owner: Any = importlib.import_module(f"{_PACKAGE}.{module}")
    *classes, name = path.split(".")
    try:
        for part in classes:
            owner = getattr(owner, part)
        getattr(owner, name)
    except AttributeError as error:
        raise CloudError(f"{_PACKAGE}.{module} has no {path} to patch: install moto=={_MOTO} again.") from error
    return owner, name


def _leave_out_other_services() -> None:
    """Spare the import of every service's tasks: AWS Batch's alone brings all of EC2, half a second of it."""
    name = f"{_PACKAGE}.{_TASKS}.service.state_task_service_factory"
    if name not in sys.modules:
        factory = ModuleType(name)
        factory.state_task_service_for = tasks.task_for  # type: ignore[attr-defined]
        sys.modules[name] = factory


def _text_of(parser_rule_context: Any) -> str | None:
    """Return a string of the definition, read as JSON: moto leaves some escapes, and reads others as Python's."""
    text = parser_rule_context.getText()
    if text == "null":
        return None
    return str(json.loads(text)) if text.startswith('"') else str(text)


def _client_for(region: str, service: str, state_credentials: Role) -> Any:  # noqa: ARG001
    """Call as the machine's role; moto calls as nobody in particular."""
    return state_credentials.client(service)


def _credentials_of(task: Any, env: Any) -> Role:
    role_arn = env.aws_execution_details.role_arn
    if task.credentials:
        task.credentials.eval(env=env)
        role_arn = env.stack.pop().role_arn
    return Role(role_arn, env.aws_execution_details.clients, session=env.aws_execution_details.session)


def _for_good(set_state: Any) -> Any:
    """Leave the event set that says that it is over: moto pulses it, and a wait about to begin misses that."""

    @functools.wraps(set_state)
    def setting(env: Any, *args: Any, **kwargs: Any) -> None:
        set_state(env, *args, **kwargs)
        env.program_state_event.set()

    return setting


def _wait(_function: Any, env: Any, wait_seconds: float) -> None:
    """Wait that long, or until the execution is over; moto rounds to seconds, and can so wait twice."""
    end = time.monotonic() + wait_seconds
    while env.is_running() and (left := end - time.monotonic()) > 0:
        env.program_state_event.wait(left)


def _retry(retrier: Any, env: Any) -> None:
    """Wait before a retry as _wait does: moto sleeps on when the execution is stopped."""
    outcomes = importlib.import_module(f"{_PACKAGE}.component.common.retry.retrier_outcome").RetrierOutcome
    retrier.error_equals.eval(env)
    if not env.stack.pop():
        env.stack.append(outcomes.Skipped)
        return
    retrier.max_attempts.eval(env)
    if not env.stack.pop().value:
        env.stack.append(outcomes.Failed)
        return
    for part in (retrier.interval_seconds, retrier.backoff_rate, retrier.max_delay_seconds, retrier.jitter_strategy):
        part.eval(env)
    _wait(retrier, env, env.stack.pop())
    env.stack.append(outcomes.Executed)


def _never_fatal(matches: Any) -> Any:
    """Retry and catch no States.Runtime, whatever a Retry or Catch names: AWS does not either."""

    @functools.wraps(matches)
    def matching(declaration: Any, env: Any) -> None:
        error = env.stack[-1]
        if error is not None and error.error_name == failures.RUNTIME:
            env.stack[-1] = False
        else:
            matches(declaration, env)

    return matching


_REPLACED = (
    ("parse.preprocessor", "Preprocessor._inner_string_of", staticmethod(_text_of)),
    ("parse.preprocessor", "from_string_literal", _text_of),
    (f"{_TASKS}.state_task_factory", "state_task_service_for", tasks.task_for),
    (f"{_TASKS}.state_task", "StateTask._eval_state_credentials", _credentials_of),
    (f"{_TASKS}.lambda_eval_utils", "boto_client_for", _client_for),
    (f"{_TASKS}.service.state_task_service_sns", "boto_client_for", _client_for),
    ("component.common.string.string_expression", "StringJSONata._eval_body", evaluation.evaluate),
    ("component.state.wait.wait_function.wait_function", "WaitFunction._wait_interval", _wait),
    ("component.common.retry.retrier_decl", "RetrierDecl._eval_body", _retry),
    ("eval.variable_store", "VariableStore.get_assigned_variables", evaluation.assigned),
)
_WRAPPED = (
    ("component.common.error_name.error_equals_decl", "ErrorEqualsDecl._eval_body", _never_fatal),
    ("eval.environment", "Environment.set_stop", _for_good),
    ("eval.environment", "Environment.set_timed_out", _for_good),
)
