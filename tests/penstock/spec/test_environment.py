from collections.abc import Callable
from pathlib import Path

import pytest

from penstock.spec import Environment, load_project

Mistakes = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("dev", "expected"),
    [
        (
            "{account: 12345}",
            ["1:16  dev.account: 12345 is a number; text is needed.", '    Put it in quotes: "12345".'],
        ),
        (
            "{account: 000123456712}",
            ["1:16  dev.account: 000123456712 is a number; text is needed.", '    Put it in quotes: "000123456712".'],
        ),
        ('{account: "1234"}', ['1:16  dev.account: "1234" is not the 12 digits of an AWS account.']),
        ("{region: Virginia}", ['1:15  dev.region: "Virginia" is not an AWS region, as in us-east-1.']),
        ("{region: us-east-1a}", ['1:15  dev.region: "us-east-1a" is not an AWS region, as in us-east-1.']),
        ("{notify: a@b.com}", ['1:15  dev.notify: "a@b.com" is text; a list is needed.', "    Write it as [a@b.com]."]),
        ("{notify: [ops]}", ['1:16  dev.notify[0]: "ops" is not an e-mail address, as in ml-ops@example.com.']),
        (
            "{notify: [ops@localhost]}",
            ['1:16  dev.notify[0]: "ops@localhost" is not an e-mail address, as in ml-ops@example.com.'],
        ),
        (
            "{notify: [a@b.com, a@b.com]}",
            ['1:25  dev.notify[1]: "a@b.com" is given twice.', "    Remove one of the two."],
        ),
        (
            "{vpc: {subnets: [subnet-1], security_groups: []}}",
            [
                '1:23  dev.vpc.subnets[0]: "subnet-1" is not a subnet\'s id, as in subnet-0123456789abcdef0.',
                "1:51  dev.vpc.security_groups: empty.",
            ],
        ),
        (
            "{vpc: {subnets: [subnet-12345678], security_groups: [subnet-12345678]}}",
            [
                '1:59  dev.vpc.security_groups[0]: "subnet-12345678" is not a security group\'s id, as in'
                " sg-0123456789abcdef0."
            ],
        ),
        (
            "{vpc: {subnets: [subnet-12345678]}}",
            ["1:7  dev.vpc.security_groups: missing.", "    The ids of the security groups."],
        ),
        ("{budget: 5}", ["1:7  dev.budget: unknown key. Keys here: account, region, vpc, notify."]),
        (
            "us-east-1",
            ['1:6  dev: "us-east-1" is text; a mapping is needed.', "    Keys here: account, region, vpc, notify."],
        ),
    ],
)
def test_mistake_is_told(mistakes: Mistakes, dev: str, expected: list[str]) -> None:
    found = mistakes("dev:\n  region: us-east-1\n", f"dev: {dev}\n", file="environments.yaml")

    assert [line.removeprefix("environments.yaml:") for line in found] == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dev", 'Dev: "Dev" is not a name of lower-case letters and digits, beginning with a letter.'),
        ("dev-eu", 'dev-eu: "dev-eu" is not a name of lower-case letters and digits, beginning with a letter.'),
        ("thirteenchars", "thirteenchars: 13 characters; an environment's name has at most 12."),
    ],
)
def test_name_is_short_and_lower_case(mistakes: Mistakes, name: str, expected: str) -> None:
    assert mistakes("dev:", f"{name}:", file="environments.yaml") == [f"environments.yaml:1:1  {expected}"]


@pytest.mark.parametrize("account", ["123456789012", '"000123456712"'])
def test_account_may_be_in_quotes(project: Path, account: str) -> None:
    (project / "environments.yaml").write_text(f"dev: {{account: {account}}}\n")

    assert load_project(project).environments["dev"].account == account.strip('"')


def test_every_key_is_optional(project: Path) -> None:
    (project / "environments.yaml").write_text("dev: {}\n")

    assert load_project(project).environments == {"dev": Environment()}


@pytest.mark.parametrize("region", ["us-gov-west-1", "ap-southeast-2", "us-iso-east-1", "cn-north-1"])
def test_regions_of_every_partition(project: Path, region: str) -> None:
    (project / "environments.yaml").write_text(f"dev: {{region: {region}}}\n")

    assert load_project(project).environments["dev"].region == region
