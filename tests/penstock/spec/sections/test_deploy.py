from penstock.spec.sections.deploy import Deploy, Instances


def test_endpoint_begins_with_the_minimum_where_the_number_goes_with_the_load() -> None:
    assert Deploy(instances=Instances(minimum=3, maximum=5)).initial_instance_count == 3
    assert Deploy(instance_count=2).initial_instance_count == 2
