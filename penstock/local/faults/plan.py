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

_FORM = "A fault is written KIND=WHAT, as in throttle=sagemaker:CreateTrainingJob*3; docs/local.md lists them."
_KIND = re.compile(r"(?P<kind>[^=]*)=(?P<rest>.*)", re.DOTALL)
_TIMES = re.compile(r"(?P<main>.*)\*(?P<times>\d+|always)", re.DOTALL)
_WITH_MOMENT = ("crash", "endpoint")


def read_lines(lines: Iterable[str], *, option: str = "--fault ") -> list[Fault]:
    """Return the faults of lines such as `throttle=sagemaker:CreateTrainingJob*3` and `seed=7`.

    Raises:
        SpecError: naming every line that is wrong, and what is wrong with it.
    """
    faults: list[Fault] = []
    problems: list[str] = []
    for line in lines:
        given = _split(line)
        if given.get("fault") == "seed":
            if re.fullmatch(r"\d{1,18}", given["seed"]):
                faults += random_faults(int(given["seed"]))
            else:
                problems.append(f"{option}{line}: a seed is a whole number.")
            continue
        fault, found = read(given)
        problems += [f"{option}{line}: {problem}" for problem in found]
        faults += [fault] if fault else []
    if problems:
        raise SpecError("\n".join(problems))
    return faults


def read_file(path: Path) -> list[Fault]:
    """Return the faults of a YAML file.

    Raises:
        SpecError: every mistake in it, with its line and column.
    """
    file = str(path)
    try:
        document = Document.read(path, file)
    except UnreadableError as error:
        raise SpecError(_report([error.mistake])) from None
    plan = document.parse(PlanFile)
    faults = [_item(document, index) for index in range(len(document.data.get("faults", ())))] if plan else []
    if document.mistakes:
        raise SpecError(_report(sorted(document.mistakes)))
    chosen = random_faults(plan.seed) if plan and plan.seed is not None else []
    return [*chosen, *(fault for fault in faults if fault)]


def read(given: Mapping[str, Any]) -> tuple[Fault | None, list[str]]:
    """Return the fault that keys and values describe, or what is wrong with them."""
    kind = given.get("fault")
    if kind not in KINDS:
        return None, [_no_such(kind)]
    model = KINDS[kind]
    try:
        section = model.model_validate(given)
    except ValidationError as error:
        problems = []
        for detail in error.errors(include_url=False):
            found = detail["input"]
            shown = quoted(found) if isinstance(found, str) else str(found)
            message, remedy = explain(detail, model, detail["loc"], shown)
            problems.append(" ".join(filter(None, (f"{detail['loc'][0]}: {message}", remedy))))
        return None, problems
    fault = Fault(**section.model_dump())
    if fault.operation:
        fault = Fault(**vars(fault) | {"operation": botocore_name(fault.operation)})
        if problem := problem_with(fault.operation, fault.fault):
            return None, [f"operation: {quoted(fault.operation)}: {problem}"]
    return fault, []


def _item(document: Document, index: int) -> Fault | None:
    """Return a fault of a file; or None, with every mistake in it noted."""
    location = ("faults", index)
    given = document.data["faults"][index]
    if not isinstance(given, Mapping) or given.get("fault") not in KINDS:
        kind = given.get("fault") if isinstance(given, Mapping) else given
        document.note(location, _no_such(kind))
        return None
    if document.parse(KINDS[given["fault"]], location) is None:
        return None
    fault, problems = read(given)
    for problem in problems:
        document.note((*location, "operation"), problem.partition(": ")[2])
    return fault


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
