"""How long 1,000 calls of DescribeEndpoint take through the gateway, beside moto alone in the same run.

The gateway's are made by a role, of an endpoint that serves: each is validated, authorised by the role's policy and
recorded. moto's server is asked for the same endpoint, which it only remembers. Both are in one process, and the
client in another one.
"""

import json
import logging
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

from penstock.local.clients import Clients
from penstock.local.cloud import Cloud
from penstock.local.programs.images import Programs
from penstock.spec.image import image_tag

ACCOUNT, REGION = "123456789012", "us-east-1"
ROUNDS, CALLS = 10, 100
AT_MOST = 3.0
SERVE = """#!/usr/bin/env python3
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
HTTPServer((os.environ["BIND_HOST"], int(os.environ["SAGEMAKER_BIND_TO_PORT"])), Handler).serve_forever()
"""
CLIENT = """
import json, sys, time
import boto3
clients = [boto3.client("sagemaker", region_name=sys.argv[1], **one) for one in json.loads(sys.argv[2])]
rounds, calls = int(sys.argv[3]), int(sys.argv[4])
taken = []
for round in range(rounds + 1):  # the first warms up; then in turns, so that both see the same load
    for number, client in enumerate(clients):
        started = time.perf_counter()
        for _ in range(calls):
            client.describe_endpoint(EndpointName="e")
        taken.append((number, (time.perf_counter() - started) / calls * 1000))
print(json.dumps(taken[len(clients):]))
"""


def make_endpoint(sagemaker: Any, image: str, role: str) -> None:
    """Make the endpoint `e`, and wait until it serves."""
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=role, PrimaryContainer={"Image": image})
    variant = {"VariantName": "main", "ModelName": "m", "InitialInstanceCount": 1, "InstanceType": "ml.m5.large"}
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="e", WaiterConfig={"Delay": 1})


def make_role(iam: Any, name: str, principal: dict[str, str], action: str) -> str:
    """Make a role that `principal` may assume and that may do one thing; return its ARN."""
    trust = {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}
    allowed = {"Effect": "Allow", "Action": action, "Resource": "*"}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=_document(trust))["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=_document(allowed))
    return str(role)


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def prepare(clients: Clients, root: Path) -> dict[str, str]:
    """Make a container, an endpoint of it, and a role that may look at it; return the role's credentials."""
    container = root / "containers/tiny"
    container.mkdir(parents=True)
    for name, text in {"serve": SERVE, "requirements.txt": "", "Dockerfile": "FROM scratch\n"}.items():
        (container / name).write_text(text)
        (container / name).chmod(0o755)
    ecr, iam = clients.operator("ecr"), clients.operator("iam")
    uri = ecr.create_repository(repositoryName="tiny")["repository"]["repositoryUri"]
    image = f"{uri}:{image_tag(container)}"
    Programs(clients=clients, containers=root / "containers", cache=root / ".penstock").publish(image)
    execution = make_role(iam, "execution", {"Service": "sagemaker.amazonaws.com"}, "*")
    make_endpoint(clients.operator("sagemaker"), image, execution)
    workflow = make_role(iam, "workflow", {"AWS": ACCOUNT}, "sagemaker:DescribeEndpoint")
    given = clients.operator("sts").assume_role(RoleArn=workflow, RoleSessionName="benchmark")["Credentials"]
    return {
        "endpoint_url": clients.url,
        "aws_access_key_id": given["AccessKeyId"],
        "aws_secret_access_key": given["SecretAccessKey"],
        "aws_session_token": given["SessionToken"],
    }


def main() -> int:
    """Print both medians and their ratio; return 0 if the ratio is within its bound."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # moto's server writes a line a call
    with tempfile.TemporaryDirectory() as folder, Cloud(Path(folder), account=ACCOUNT, region=REGION) as cloud:
        ours = prepare(cloud.clients, Path(folder))
        moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        moto.start()
        alone = {
            "endpoint_url": f"http://localhost:{moto.get_host_and_port()[1]}",
            "aws_access_key_id": "key",
            "aws_secret_access_key": "secret",
        }
        make_endpoint(boto3.client("sagemaker", region_name=REGION, **alone), "image", f"arn:aws:iam::{ACCOUNT}:role/r")
        arguments = [REGION, json.dumps([alone, ours]), str(ROUNDS), str(CALLS)]
        taken = json.loads(subprocess.check_output([sys.executable, "-c", CLIENT, *arguments], text=True))
        moto.stop()
    medians = []
    for number, name in enumerate(("moto alone", "the gateway")):
        times = [milliseconds for which, milliseconds in taken if which == number]
        medians.append(median(times))
        print(
            f"DescribeEndpoint · {name:<12} {medians[-1]:6.2f} ms  ({ROUNDS * CALLS:,} calls, rounds of {CALLS}:",
            end="",
        )
        print(f" {min(times):.2f} to {max(times):.2f})")
    ratio = medians[1] / medians[0]
    print(f"DescribeEndpoint · ratio        {ratio:6.2f}     (at most {AT_MOST})")
    return 0 if ratio <= AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
