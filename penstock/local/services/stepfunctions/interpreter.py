"""What moto's interpreter of the Amazon States Language lacks to run our machines as AWS does.

This is the one file that patches moto. Every name that it replaces must be there; each replacement says why.
"""

import functools
import importlib
import json
import logging
import sys
import threading
from importlib.metadata import version
from types import ModuleType, SimpleNamespace
from typing import Any

from penstock.errors import CloudError
from penstock.local.services.stepfunctions import (
    amendments,
    children,
    choices,
    evaluation,
    intrinsics,
    paths,
    role,
    tasks,
)

_MOTO = "5.2.5"
_PACKAGE = "moto.stepfunctions.parser.asl"
_TASKS = "component.state.exec.state_task"
_INSTALLING = threading.Lock()


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


_BINDING = "PayloadBindingStringExpressionSimple._eval_val"
_CHOICE = "component.state.choice"
_MAP = "component.state.exec.state_map"
_OPERATORS = f"{_CHOICE}.comparison.operator.implementations"
_WITH_PATHS = (
    "component.common.string.string_expression",
    "component.intrinsic.argument.argument",
    "eval.states",
    *(f"{_OPERATORS}.{name}" for name in ("boolean_equals", "numeric", "string_operators", "timestamp_operators")),
)
# moto's parsers share one list of the languages around a state: a definition that is refused leaves its own in it.
_LANGUAGES: Any = functools.cached_property(lambda _preprocessor: [])
_LANGUAGES.__set_name__(object, "_query_language_per_scope")
# Outputs as the API shows them: moto escapes what is not ASCII, which makes texts longer than they may be.
_JSON = SimpleNamespace(
    dumps=functools.partial(json.dumps, ensure_ascii=False),
    load=json.load,
    loads=json.loads,
    JSONDecodeError=json.JSONDecodeError,
)
_REPLACED = (
    ("utils.encoding", "json", _JSON),
    (f"{_TASKS}.lambda_eval_utils", "json", _JSON),
    ("parse.preprocessor", "Preprocessor._query_language_per_scope", _LANGUAGES),
    ("parse.preprocessor", "Preprocessor._inner_string_of", staticmethod(amendments.text_of)),
    ("parse.preprocessor", "from_string_literal", amendments.text_of),
    (f"{_TASKS}.state_task_factory", "state_task_service_for", tasks.task_for),
    (f"{_TASKS}.state_task", "StateTask._eval_state_credentials", role.credentials_of),
    (f"{_TASKS}.lambda_eval_utils", "boto_client_for", role.client_for),
    ("component.common.string.string_expression", "StringJSONata._eval_body", evaluation.evaluate),
    ("component.common.string.string_expression", "StringVariableSample._eval_body", evaluation.evaluate),
    ("component.common.string.string_expression", "StringIntrinsicFunction._eval_body", amendments.call_function),
    ("component.state.fail.cause_decl", "_STRING_RETURN_FUNCTIONS", intrinsics.OF_TEXT),
    ("component.state.fail.error_decl", "_STRING_RETURN_FUNCTIONS", intrinsics.OF_TEXT),
    ("parse.intrinsic.intrinsic_parser", "IntrinsicParser.parse", staticmethod(intrinsics.parse)),
    (
        f"{_OPERATORS}.string_operators",
        "StringMatches._compare",
        staticmethod(choices.string_matches),
    ),
    ("component.state.wait.wait_function.wait_function", "WaitFunction._wait_interval", amendments.pause),
    ("component.state.wait.wait_function.timestamp", "Timestamp._get_wait_seconds", amendments.seconds_until),
    (
        "component.state.wait.wait_function.timestamp",
        "Timestamp._from_timestamp_string",
        staticmethod(amendments.timestamp),
    ),
    ("component.common.retry.retrier_decl", "RetrierDecl._eval_body", amendments.retry),
    ("component.common.error_name.error_equals_decl", "ErrorEqualsDecl._eval_body", amendments.names_error),
    ("component.common.assign.assign_decl", "AssignDecl._eval_body", amendments.assign),
    ("component.state.state", "is_within_size_quota", amendments.within_quota),
    (f"{_CHOICE}.choice_rule", "ChoiceRule._eval_body", choices.try_rule),
    (f"{_CHOICE}.state_choice", "StateChoice._eval_state", choices.choose),
    (f"{_CHOICE}.state_choice", "StateChoice._eval_state_output", choices.leave_choice),
    *((module, "extract_json", paths.extract) for module in _WITH_PATHS),
    (f"{_CHOICE}.comparison.comparison", "ConditionStringJSONata._eval_body", choices.boolean_condition),
    (
        f"{_OPERATORS}.is_operator",
        "IsTimestamp.string_to_timestamp",
        staticmethod(amendments.timestamp),
    ),
    ("component.state.exec.state_parallel.branches_decl", "BranchesDecl._eval_body", children.run_branches),
    (
        f"{_MAP}.iteration.inline_iteration_component",
        "InlineIterationComponent._eval_body",
        children.run_iterations,
    ),
    ("eval.variable_store", "VariableStore.get_assigned_variables", evaluation.assigned),
)
_WRAPPED = (
    ("parse.preprocessor", "Preprocessor.visitChoice_rule_comparison_variable", choices.with_assign),
    ("component.common.payload.payloadvalue.payloadbinding.payload_binding", _BINDING, amendments.with_path),
    ("component.common.path.result_path", "ResultPath._eval_body", amendments.with_result),
    ("component.common.path.items_path", "ItemsPath._eval_body", amendments.with_array),
    (f"{_CHOICE}.comparison.comparison_func", "ComparisonFuncValue._eval_body", choices.with_variable),
    ("component.state.state", "CommonStateField._get_state_exited_event_details", amendments.with_following),
    ("component.state.state", "CommonStateField._eval_state_input", amendments.with_entered_time),
    ("component.state.exec.execute_state", "ExecutionState.from_state_props", amendments.with_plain_timeout),
    ("eval.environment", "Environment.open_frame", amendments.with_frame),
    ("eval.environment", "Environment.open_inner_frame", amendments.with_frame),
    ("eval.environment", "Environment.set_stop", amendments.for_good),
    ("eval.environment", "Environment.set_timed_out", amendments.for_good),
)
