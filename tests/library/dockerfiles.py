"""What a Dockerfile of ours keeps to, beyond being valid; hadolint's number beside a rule that it has as well."""

import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dockerfile_parse import DockerfileParser

_PINNED = re.compile(r"[\w./-]+:\d+\.\d+\.\d+-slim[\w.-]*@sha256:[0-9a-f]{64}")
_BUILDS = re.compile(r"\b(apt|apt-get|apk|dnf|yum|conda|pip3?|uv|gcc|g\+\+|cc|make|cmake)\b")
_PIP = re.compile(r"\bpip3?\b.*\binstall\b")
_PIP_OPTIONS = ("--no-cache-dir", "--require-hashes", "--only-binary")
_SECRET = re.compile(r"(PASSWORD|SECRET|TOKEN|CREDENTIALS?|ACCESS_KEY(_ID)?)\b", re.IGNORECASE)
_CONTEXTS = ("runtime",)  # folders that a build is given beside the container's own


@dataclass(frozen=True)
class Instruction:
    """An instruction, what follows its name, and the line that it begins on."""

    name: str
    text: str
    line: int


@dataclass(frozen=True)
class Stage:
    """What follows a FROM, up to the next one."""

    start: Instruction
    instructions: tuple[Instruction, ...]

    @property
    def base(self) -> str:
        return self.start.text.split()[0]

    @property
    def name(self) -> str | None:
        words = self.start.text.split()
        return words[-1] if len(words) > 2 else None


Stages = Sequence[Stage]
Rule = Callable[[Stages], Iterator[tuple[Instruction, str]]]


def findings(text: str) -> list[str]:
    """Return what is wrong with a Dockerfile, with the line of each."""
    stages = stages_of(text)
    found = [(item.line, said) for rule in RULES for item, said in rule(stages)]
    return [f"line {line}: {said}" for line, said in sorted(found)]


def stages_of(text: str) -> list[Stage]:
    """Take a Dockerfile apart."""
    stages: list[tuple[Instruction, list[Instruction]]] = []
    for item in DockerfileParser(fileobj=io.StringIO(text)).structure:
        instruction = Instruction(item["instruction"], item["value"], item["startline"] + 1)
        if instruction.name == "FROM":
            stages.append((instruction, []))
        elif instruction.name != "COMMENT" and stages:
            stages[-1][1].append(instruction)
    return [Stage(start, tuple(instructions)) for start, instructions in stages]


def _bases_are_pinned(stages: Stages) -> Iterator[tuple[Instruction, str]]:
    """DL3006 and DL3007; a digest too, and a slim image: the full ones have a compiler."""
    names = [stage.name for stage in stages]
    for position, stage in enumerate(stages):
        if stage.base not in names[:position] and not _PINNED.fullmatch(stage.base):
            yield stage.start, f"{stage.base} is not pinned: name:1.2.3-slim…@sha256:… is."


def _nothing_is_built_in_the_last_stage(stages: Stages) -> Iterator[tuple[Instruction, str]]:
    if len(stages) == 1:
        yield stages[-1].start, "there is one stage only: install in one, and copy into another what it made."
    for item in stages[-1].instructions:
        if item.name == "RUN" and _BUILDS.search(item.text):
            yield item, "the last stage installs or compiles: do it in an earlier one."


def _commands_are_lists(stages: Stages) -> Iterator[tuple[Instruction, str]]:
    """DL3025: a shell between SageMaker and the program would keep SIGTERM from it."""
    for stage in stages:
        for item in stage.instructions:
            if item.name in {"CMD", "ENTRYPOINT"} and not _is_list(item.text):
                yield item, f'{item.name} is not a list: {item.name} ["program"] is.'


def _is_list(text: str) -> bool:
    try:
        words = json.loads(text)
    except ValueError:
        return False
    return isinstance(words, list) and all(isinstance(word, str) for word in words)


def _files_are_copied(stages: Stages) -> Iterator[tuple[Instruction, str]]:
    """DL3020, and DL3022 but for the folders that a build is given."""
    known: list[str | None] = list(_CONTEXTS)
    for stage in stages:
        for item in stage.instructions:
            source = re.search(r"--from=(\S+)", item.text) if item.name == "COPY" else None
            if item.name == "ADD":
                yield item, "ADD also fetches and unpacks: COPY."
            if source and source[1] not in known:
                yield item, f"there is no stage {source[1]} above."
        known.append(stage.name)


def _packages_are_locked(stages: Stages) -> Iterator[tuple[Instruction, str]]:
    """DL3042, and what keeps pip from taking another package or compiling one."""
    for stage in stages:
        for item in stage.instructions:
            lacks = [option for option in _PIP_OPTIONS if option not in item.text]
            if item.name == "RUN" and _PIP.search(item.text) and lacks:
                yield item, f"pip installs without {' '.join(lacks)}."


def _no_secret_is_kept(stages: Stages) -> Iterator[tuple[Instruction, str]]:
    for stage in stages:
        for item in stage.instructions:
            if item.name in {"ARG", "ENV"} and _SECRET.search(item.text):
                yield item, "an image keeps what ARG and ENV say for everyone to read."


def _it_runs_as_root(stages: Stages) -> Iterator[tuple[Instruction, str]]:
    for item in stages[-1].instructions:
        if item.name == "USER":
            yield item, "SageMaker expects containers to run as root."


RULES: tuple[Rule, ...] = (
    _bases_are_pinned,
    _nothing_is_built_in_the_last_stage,
    _commands_are_lists,
    _files_are_copied,
    _packages_are_locked,
    _no_secret_is_kept,
    _it_runs_as_root,
)
