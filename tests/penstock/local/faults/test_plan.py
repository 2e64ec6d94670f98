"""Plans of faults, as they are written."""

from pathlib import Path

import pytest

from penstock.errors import SpecError
from penstock.local.faults.chance import random_faults
from penstock.local.faults.fault import Fault
from penstock.local.faults.plan import read_file, read_lines


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            "throttle=sagemaker:CreateTrainingJob*3",
            Fault("throttle", operation="sagemaker:CreateTrainingJob", times=3),
        ),
        ("throttle=sagemaker:*", Fault("throttle", operation="sagemaker:*")),
        ("throttle=s3:*Object*always", Fault("throttle", operation="s3:*Object", always=True)),
        ("throttle=*:Create*,role=dev-*", Fault("throttle", operation="*:Create*", role="dev-*")),
        ("lose=states:StartExecution", Fault("lose", operation="stepfunctions:StartExecution")),
        ("timeout=sns:Publish,seconds=2", Fault("timeout", operation="sns:Publish", seconds=2)),
        (
            "error=sagemaker:CreateModel,code=InternalFailure,message=no: really,http=503,name=dev-*",
            Fault(
                "error",
                operation="sagemaker:CreateModel",
                code="InternalFailure",
                message="no: really",
                http=503,
                name="dev-*",
            ),
        ),
        (
            "deny=dev-bigmart-workflow:sagemaker:InvokeEndpoint",
            Fault("deny", operation="sagemaker-runtime:InvokeEndpoint", role="dev-bigmart-workflow", always=True),
        ),
        ("deny=sagemaker:UpdateEndpoint,always=false", Fault("deny", operation="sagemaker:UpdateEndpoint")),
        ("delay=sagemaker:CreateModel", Fault("delay", operation="sagemaker:CreateModel", seconds=3)),
        ("hang=training", Fault("hang", job="training")),
        ("fill=processing,name=dev-*", Fault("fill", job="processing", name="dev-*")),
        ("interrupt=training,seconds=0.5", Fault("interrupt", job="training", seconds=0.5)),
        ("crash=prepare:during,call=2", Fault("crash", hook="prepare", moment="during", call=2)),
        ("crash=prepare", Fault("crash", hook="prepare", moment="before")),
        ("endpoint=RollingBack", Fault("endpoint", status="RollingBack", seconds=1)),
        ("endpoint=Failed:create", Fault("endpoint", status="Failed", moment="create", seconds=1)),
        ("kill=dev-bigmart,seconds=0.5", Fault("kill", endpoint="dev-bigmart", seconds=0.5)),
    ],
)
def test_a_line_is_a_fault(line: str, fault: Fault) -> None:
    assert read_lines([line]) == [fault]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("throttle", "A fault is written KIND=WHAT, as in throttle=sagemaker:CreateTrainingJob"),
        ("throtle=x", '"throtle" is no fault. There are: throttle, timeout, .* Did you mean throttle?'),
        ("throttle=sagemaker:CreateTraining", "sagemaker has no operation CreateTraining. Did you mean CreateTrain"),
        ("throttle=sagemker:CreateModel", "the local cloud serves application-autoscaling, .* Did you mean sagemaker?"),
        ("throttle=CreateModel", "an operation is written service:Operation"),
        ("throttle=sagemaker:CreateModel*0", "times: 0 is too small; at least 1 is needed."),
        ("delay=s3:PutObject", "only what sagemaker:Create… and sagemaker:Update… have done is seen late."),
        ("hang=trainig", '"trainig" is not one of: training, .* Did you mean training?'),
        ("fail=training,nme=x", "nme: unknown key. Keys here: .* Did you mean name?"),
        ("crash=prepare:mid", '"mid" is not one of: before, during, after.'),
        ("timeout=sns:Publish,seconds=long", 'seconds: "long" is text; a number is needed.'),
        ("seed=x", "a seed is a whole number."),
        ("throttle=sagemaker:CreateTrainingJob*x", "no operation of sagemaker is like CreateTrainingJob*x. How often"),
        ("throttle=sage*:Nothing*", "no operation of sage* is like Nothing*."),
        ("throttle=sagemaker:CreateModel*-1", '"*-1": how often is a whole number or always'),
        ("crash=prepare*1.5", '"*1.5": how often is a whole number or always'),
    ],
)
def test_a_line_that_is_none_says_what_is_wrong(line: str, problem: str) -> None:
    with pytest.raises(SpecError, match=rf"--fault {_escaped(line)}: .*{_escaped(problem)}"):
        read_lines([line])


def _escaped(pattern: str) -> str:
    """A pattern in which `*` stands for itself, and `.*` for anything."""
    return pattern.replace("*", "[*]").replace(".[*]", ".*")


def test_every_wrong_line_is_told_at_once() -> None:
    with pytest.raises(SpecError, match=r"--fault a=b.*\n--fault c=d"):
        read_lines(["a=b", "hang=training", "c=d"])


def test_a_seed_stands_for_faults_chosen_at_random() -> None:
    assert read_lines(["seed=7"]) == random_faults(7)


def test_the_same_seed_chooses_the_same_faults() -> None:
    plans = [tuple(random_faults(seed)) for seed in range(50)]
    assert plans == [tuple(random_faults(seed)) for seed in range(50)]
    assert len(set(plans)) > 40
    assert {len(plan) for plan in plans} == {1, 2, 3, 4}


def test_what_is_shown_of_a_fault_can_be_given_again() -> None:
    faults = [fault for seed in range(300) for fault in random_faults(seed)]
    assert {fault.fault for fault in faults} >= {"throttle", "lose", "deny", "crash", "endpoint", "kill", "delay"}
    assert read_lines([fault.text for fault in faults]) == faults


@pytest.mark.parametrize(
    "line",
    [
        "timeout=sns:Publish",
        "delay=sagemaker:CreateModel",
        "error=sagemaker:CreateModel*2",
        "deny=sagemaker:UpdateEndpoint",
        "deny=sagemaker:UpdateEndpoint,always=false",
        "kill=dev-bigmart*always",
    ],
)
def test_what_was_not_given_is_not_shown(line: str) -> None:
    (fault,) = read_lines([line])
    assert fault.text == line
    assert read_lines([fault.text]) == [fault]


def write(folder: Path, text: str) -> Path:
    path = folder / "faults.yaml"
    path.write_text(text)
    return path


def test_a_file_has_a_mapping_for_each_fault(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "faults:\n- {fault: throttle, operation: 'sagemaker:CreateModel', times: 3}\n- fault: hang\n  job: training\n",
    )
    assert read_file(path) == read_lines(["throttle=sagemaker:CreateModel*3", "hang=training"])


def test_a_file_may_have_a_seed(tmp_path: Path) -> None:
    path = write(tmp_path, "seed: 7\nfaults:\n- {fault: hang, job: training}\n")
    assert read_file(path) == [*random_faults(7), *read_lines(["hang=training"])]


def test_a_file_may_have_lines_as_on_the_command_line(tmp_path: Path) -> None:
    path = write(tmp_path, "faults:\n- throttle=sagemaker:CreateModel*3\n- {fault: hang, job: training}\n- seed=7\n")
    assert read_file(path) == read_lines(["throttle=sagemaker:CreateModel*3", "hang=training", "seed=7"])


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (
            "faults:\n- {fault: throtle}\n",
            r':2:11  faults\[0\].fault: "throtle" is no fault. .* Did you mean throttle\?',
        ),
        ("faults:\n- hang\n", r':2:3  faults\[0\]: "hang" is no fault.*\n    Write "throttle=sagemaker:'),
        ("faults:\n- throtle=sagemaker:CreateModel\n", r':2:3  faults\[0\]: "throtle=.*": "throtle" is no fault'),
        ("faults:\n- throttle: sagemaker:X\n", r":2:3  faults\[0\]: no fault.\n    Write .* or {fault: throttle, "),
        ("faults:\n- {fault: [hang]}\n", r":2:11  faults\[0\].fault: .* is no fault"),
        ("faults:\n- fault:\n", r":2:3  faults\[0\].fault: nothing is given.\n.*\n1 error"),
        ("faults:\n- fault: hang\n  job: traning\n", r':3:8  faults\[0\].job: "traning" is not one of'),
        ("faults:\n- {fault: hang}\n", r":2:3  faults\[0\].job: missing.\n    Give the kind of job."),
        ("faults:\n- fault: lose\n  operation: sagemaker:X\n", r":3:14  faults\[0\].operation: .*no operation X"),
        ("fault: []\n", r":1:1  fault: unknown key. Keys here: seed, faults."),
        ("seed: -1\n", r":1:7  seed: -1 is too small"),
        ("- hang\n", r":1:1  a mapping is needed, `key: value`.\n    docs/local.md"),
        ("", r":1:1  empty.\n    docs/local.md"),
        ("faults: [}\n", r":1:10  not YAML"),
    ],
)
def test_a_mistake_in_a_file_is_told_with_its_place(tmp_path: Path, text: str, mistake: str) -> None:
    with pytest.raises(SpecError, match=rf"faults.yaml{mistake}"):
        read_file(write(tmp_path, text))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"none.yaml  there is no such file.\n    docs/local.md"):
        read_file(tmp_path / "none.yaml")


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"  this is no file: a regular file is needed."):
        read_file(tmp_path)


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    text = (
        "seed: abc\nfaults:\n- {fault: throttle, operation: 'sagemaker:CreateModl', times: 0}\n"
        "- {fault: hang, job: }\n- crash=prepare:mid\n"
    )
    with pytest.raises(SpecError) as refused:
        read_file(write(tmp_path, text))
    said = str(refused.value)
    for mistake in (
        '1:7  seed: "abc" is text',
        "sagemaker has no operation CreateModl.",
        "faults[0].times: 0 is too small",
        "faults[1].job: nothing is given.",
        '"mid" is not one of',
        "5 errors. Nothing was started.",
    ):
        assert mistake in said
