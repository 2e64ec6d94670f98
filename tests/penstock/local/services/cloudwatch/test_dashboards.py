import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

BODY = json.dumps({"widgets": [{"type": "text"}]})


def test_a_dashboard_is_given_back_as_it_was_put(watched: Any) -> None:
    assert watched.client.put_dashboard(DashboardName="mine", DashboardBody=BODY)["DashboardValidationMessages"] == []
    found = watched.client.get_dashboard(DashboardName="mine")
    assert found["DashboardBody"] == BODY
    assert found["DashboardArn"] == "arn:aws:cloudwatch::123456789012:dashboard/mine"


def test_dashboards_are_listed_and_deleted(watched: Any) -> None:
    for name in ("list-a", "list-b"):
        watched.client.put_dashboard(DashboardName=name, DashboardBody=BODY)
    entries = watched.client.list_dashboards(DashboardNamePrefix="list-")["DashboardEntries"]
    assert [(entry["DashboardName"], entry["Size"]) for entry in entries] == [
        ("list-a", len(BODY)),
        ("list-b", len(BODY)),
    ]
    watched.client.delete_dashboards(DashboardNames=["list-a"])
    with pytest.raises(watched.client.exceptions.ResourceNotFound):
        watched.client.get_dashboard(DashboardName="list-a")
    with pytest.raises(watched.client.exceptions.ResourceNotFound):
        watched.client.delete_dashboards(DashboardNames=["list-b", "list-a"])
    assert watched.client.list_dashboards(DashboardNamePrefix="list-")["DashboardEntries"]


def test_a_dashboard_is_there_again_in_the_next_cloud(watched: Any) -> None:
    watched.client.put_dashboard(DashboardName="kept", DashboardBody=BODY)
    assert watched.store.all("dashboard")["kept"]["body"] == BODY
    second = watched.start()
    try:
        answer = second.call("GetDashboard", {"DashboardName": "kept"}, None)
        assert answer["DashboardBody"] == BODY
    finally:
        second.close()


@pytest.mark.parametrize(
    ("name", "body"),
    [("no spaces", BODY), ("body", "{"), ("body", "[]"), ("body", "{}"), ("body", '{"widgets": {}}')],
)
def test_what_is_no_dashboard_is_refused(watched: Any, name: str, body: str) -> None:
    with pytest.raises(ClientError) as raised:
        watched.client.put_dashboard(DashboardName=name, DashboardBody=body)
    assert raised.value.response["Error"]["Code"] == "InvalidParameterInput"
