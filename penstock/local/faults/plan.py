"""A plan of faults, as it is written: a YAML file, or a line for each fault."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from penstock.errors import SpecError
from penstock.local.faults.chance import random_faults
from penstock.local.faults.fault import MAIN, Fault
from penstock.local.faults.operations import botocore_name, problem_with
from penstock.local.faults.sections import KINDS, PlanFile
from penstock.spec.document import Document
from penstock.spec.explain import explain
from penstock.spec.mistakes import Mistake, UnreadableError, plural, quoted, suggestion
from penstock.spec.reader import resolve

_REFERENCE = "docs/local.md describes files of faults."
_FORM = "A fault is written KIND=WHAT, as in throttle=sagemaker:CreateTrainingJob*3; docs/local.md lists them."
_FORMS = (
    'Write "throttle=sagemaker:CreateTrainingJob*3" or {fault: throttle, operation: "sagemaker:CreateTrainingJob",'
    " times: 3}; docs/local.md lists the faults."
)
_KIND = re.compile(r"(?P<kind>[^=]*)=(?P<rest>.*)", re.DOTALL)
_TIMES = re.compile(r"(?P<main>.*)\*(?P<times>[0-9]{1,18}|always)", re.DOTALL)
_NO_TIMES = re.compile(r".*\*(?P<times>[-+]?[0-9][^*?]*)", re.DOTALL)
_WITH_MOMENT = ("crash", "endpoint")


def read_lines(lines: Iterable[str], *, option: str = "--fault ") -> list[Fault]:
    """Return the faults of lines such as `throttle=sagemaker:CreateTrainingJob*3` and `seed=7`.

    Raises:
        SpecError: naming every line that is wrong, and what is wrong with it.
    """
    faults: list[Fault] = []
    problems: list[str] = []
    for line in lines:
        made, found = _read_line(line)
        problems += [f"{option}{line}: {problem}" for problem in found]
        faults += made
    if problems:
        raise SpecError("\n".join(problems))
    return faults


def read_file(path: Path) -> list[Fault]:
    """Return the faults of a YAML file.

    Raises:
        SpecError: every mistake in it, with its line and column.
    """
    try:
        document = Document.read(path, str(path), reference=_REFERENCE)
    except UnreadableError as error:
        raise SpecError(_report([error.mistake])) from None
    plan = document.parse(PlanFile)
    items = document.data.get("faults")
    numbers = range(len(items)) if isinstance(items, tuple) else ()
    faults = [fault for number in numbers for fault in _item(document, number)]
    if document.mistakes:
        raise SpecError(_report(sorted(set(document.mistakes))))
    chosen = random_faults(plan.seed) if plan and plan.seed is not None else []
    return [*chosen, *faults]


def read(given: Mapping[str, Any]) -> tuple[Fault | None, list[str]]:
    """Return the fault that keys and values describe, or what is wrong with them."""
    kind = given.get("fault")
    if kind not in KINDS:
        return None, [_no_such(kind)]
    problems = [f"operation: {problem}" for problem in _operation_problems(given)]
    model = KINDS[kind]
    try:
        section = model.model_validate(given)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            found = detail["input"]
            shown = quoted(found) if isinstance(found, str) else str(found)
            message, remedy = explain(detail, model, detail["loc"], shown)
            problems.append(" ".join(filter(None, (f"{detail['loc'][0]}: {message}", remedy))))
        return None, problems
    fault = Fault(**section.model_dump())
    if fault.operation:
        fault = Fault(**vars(fault) | {"operation": botocore_name(fault.operation)})
    return (None, problems) if problems else (fault, [])


def _read_line(line: str) -> tuple[list[Fault], list[str]]:
    """Return the faults of one line, or what is wrong with it."""
    given = _split(line)
    if given.get("fault") == "seed":
        if re.fullmatch("[0-9]{1,18}", given["seed"]):
            return random_faults(int(given["seed"])), []
        return [], ["a seed is a whole number."]
    if garbage := _NO_TIMES.fullmatch(str(given.get(MAIN.get(given.get("fault", ""), ""), ""))):
        return [], [f"{quoted('*' + garbage['times'])}: how often is a whole number or always, as in *3."]
    fault, problems = read(given)
    return [fault] if fault else [], problems


def _item(document: Document, number: int) -> list[Fault]:
    """Return the faults of an item of a file; or none, with every mistake in it noted."""
    location = ("faults", number)
    given = document.data["faults"][number]
    if isinstance(given, str) and "=" in given:
        faults, problems = _read_line(given)
        for problem in problems:
            document.note(location, f"{quoted(given)}: {problem}")
        return faults
    kind = given.get("fault") if isinstance(given, Mapping) else given
    if not isinstance(given, Mapping) or not isinstance(kind, str) or kind not in KINDS:
        if (*location, "fault") not in document.keys:
            document.note(location, "no fault." if kind is None else _no_such(kind), _FORMS)
        elif kind is not None:  # without a value, which was noted when it was read
            document.note((*location, "fault"), _no_such(kind))
        return []
    for problem in _operation_problems(given):
        document.note((*location, "operation"), problem)
    if document.parse(KINDS[kind], location) is None:
        return []
    fault, _ = read(given)
    return [fault] if fault else []


def _operation_problems(given: Mapping[str, Any]) -> list[str]:
    operation, kind = given.get("operation"), given["fault"]
    if MAIN[kind] != "operation" or not isinstance(operation, str):
        return []
    named = botocore_name(operation)
    problem = problem_with(named, kind)
    return [f"{quoted(named)}: {problem}"] if problem else []


def _split(line: str) -> dict[str, Any]:
    """Take a line apart into the keys and values that a file would have."""
    found = _KIND.fullmatch(line)
    if found is None:
        return {}
    kind, (main, *others) = found["kind"].strip(), found["rest"].split(",")
    if kind == "seed":
        return {"fault": kind, "seed": found["rest"].strip()}
    given: dict[str, Any] = {"fault": kind}
    if times := _TIMES.fullmatch(main):
        main = times["main"]
        given |= {"always": True} if times["times"] == "always" else {"times": int(times["times"])}
    main = main.strip()
    if kind in _WITH_MOMENT and ":" in main:
        main, _, given["moment"] = main.rpartition(":")
    if kind == "deny" and main.count(":") > 1:
        given["role"], _, main = main.partition(":")
    given[MAIN.get(kind, "")] = main
    for other in others:
        key, _, value = other.partition("=")
        given[key.strip()] = resolve(value.strip())
    return given


def _no_such(kind: object) -> str:
    if kind is None:
        return _FORM
    return f"{quoted(str(kind))} is no fault. There are: {', '.join(KINDS)}, seed. {suggestion(kind, KINDS)}".rstrip()


def _report(mistakes: list[Mistake]) -> str:
    lines = []
    for mistake in mistakes:
        lines.append(f"{mistake.place}  {mistake.message}")
        lines += [f"    {mistake.remedy}"] if mistake.remedy else []
    return "\n".join([*lines, f"{plural(len(mistakes), 'error')}. Nothing was started."])
