from penstock_constructs.steps.network import Network


def test_without_more_said_containers_have_no_network() -> None:
    assert Network().settings() == {
        "EnableNetworkIsolation": True,
        "EnableInterContainerTrafficEncryption": False,
    }


def test_subnets_are_the_account_s_own() -> None:
    network = Network(isolated=False, encrypted=True, subnets=["subnet-1"], security_groups=["sg-1"])
    assert network.vpc() == {"VpcConfig": {"Subnets": ["subnet-1"], "SecurityGroupIds": ["sg-1"]}}
    assert network.settings() == {
        "EnableNetworkIsolation": False,
        "EnableInterContainerTrafficEncryption": True,
        **network.vpc(),
    }
