"""A name that leads to a deployment: made once, changed in one batch, removed; what it refuses."""

import boto3
import pytest

from tests.support.tiny_aws import SECRET

pytestmark = pytest.mark.process

RECORD = "play.example.com"
ADDRESS, STANDBY = "203.0.113.10", "203.0.113.20"


@pytest.fixture
def play(zone) -> list[str]:
    return ["--zone", zone, "--record", RECORD]


def records(zone: str) -> dict[str, dict]:
    """The address records of a zone by their roles."""
    listed = boto3.client("route53").list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
    return {each.get("Failover", ""): each for each in listed if each["Type"] == "A"}


def checks() -> dict[str, dict]:
    """The health checks of the account."""
    listed = boto3.client("route53").list_health_checks()["HealthChecks"]
    return {each["Id"]: each["HealthCheckConfig"] for each in listed}


def balancer() -> dict:
    """A balancer in the region of the tests."""
    subnets = [each["SubnetId"] for each in boto3.client("ec2").describe_subnets()["Subnets"][:2]]
    return boto3.client("elbv2").create_load_balancer(Name="front", Subnets=subnets)["LoadBalancers"][0]


def test_a_name_leads_to_an_address_that_is_looked_after(route53, zone, play):
    ended = route53("point", *play, "--to", ADDRESS)
    assert (ended.returncode, ended.stdout) == (0, f"✓ {RECORD} leads to {ADDRESS}\n")
    record = records(zone)["PRIMARY"]
    assert (record["TTL"], record["ResourceRecords"]) == (60, [{"Value": ADDRESS}])

    check = checks()[record["HealthCheckId"]]
    assert (check["Type"], check["Port"], check["ResourcePath"]) == ("HTTPS", 443, "/healthz")
    assert (check["IPAddress"], check["FullyQualifiedDomainName"]) == (ADDRESS, RECORD)


def test_a_second_time_nothing_is_changed(aws, route53, zone, play):
    route53("point", *play, "--to", ADDRESS, "--standby", STANDBY)
    before, checked = records(zone), checks()
    aws.calls.clear()
    ended = route53("point", *play, "--to", ADDRESS, "--standby", STANDBY)
    assert "POST hostedzone/rrset" not in aws.calls
    assert ended.stdout == f"Nothing had to be changed: {RECORD} leads to {ADDRESS}, {STANDBY}.\n"
    assert (records(zone), checks()) == (before, checked)


def test_a_standby_comes_and_goes_with_its_check(route53, zone, play):
    route53("point", *play, "--to", ADDRESS)
    route53("point", *play, "--to", ADDRESS, "--standby", STANDBY)
    both = records(zone)
    assert both["SECONDARY"]["ResourceRecords"] == [{"Value": STANDBY}]
    assert len(checks()) == 2

    route53("point", *play, "--to", ADDRESS)
    assert records(zone) == {"PRIMARY": both["PRIMARY"]}
    assert checks().keys() == {both["PRIMARY"]["HealthCheckId"]}


def test_another_address_takes_the_place_of_the_one_before(route53, zone, play):
    route53("point", *play, "--to", ADDRESS)
    ended = route53("point", *play, "--to", STANDBY)
    assert ended.stdout == f"✓ {RECORD} leads to {STANDBY}, no longer to {ADDRESS}\n"
    assert records(zone)["PRIMARY"]["ResourceRecords"] == [{"Value": STANDBY}]
    assert [check["IPAddress"] for check in checks().values()] == [STANDBY]


def test_a_balancer_is_pointed_at_by_an_alias(route53, zone, play):
    front = balancer()
    assert route53("point", *play, "--to", front["DNSName"]).returncode == 0
    alias = records(zone)["PRIMARY"]["AliasTarget"]
    assert alias["DNSName"].rstrip(".") == front["DNSName"]
    assert alias["HostedZoneId"] == front["CanonicalHostedZoneId"]
    again = route53("point", *play, "--to", front["DNSName"])
    assert again.stdout.startswith("Nothing had to be changed")


@pytest.mark.parametrize("operation", ["POST healthcheck", "POST tags", "POST hostedzone/rrset"])
def test_what_was_broken_off_goes_on_without_duplicates(aws, route53, zone, play, operation):
    aws.fail(operation, "Throttling")
    broken = route53("point", *play, "--to", ADDRESS, "--standby", STANDBY)
    assert broken.returncode == 1
    assert broken.stderr.startswith("error: AWS answers Throttling to ")
    aws.mend()
    assert route53("point", *play, "--to", ADDRESS, "--standby", STANDBY).returncode == 0
    assert records(zone).keys() == {"PRIMARY", "SECONDARY"}
    assert len(checks()) == 2


def test_remove_leaves_what_is_somebody_elses(route53, zone, play):
    client = boto3.client("route53")
    other = {"Name": "www.example.com", "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "203.0.113.99"}]}
    change = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": other}]}
    client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=change)
    config = {"Type": "TCP", "Port": 443, "IPAddress": "203.0.113.99"}
    foreign = client.create_health_check(CallerReference="foreign", HealthCheckConfig=config)["HealthCheck"]["Id"]

    route53("point", *play, "--to", ADDRESS, "--standby", STANDBY)
    ended = route53("remove", *play)
    assert ended.stdout == f"2 records and 2 health checks of {RECORD} removed, nothing of ours is left.\n"
    assert [record["Name"] for record in records(zone).values()] == ["www.example.com."]
    assert checks().keys() == {foreign}
    assert route53("remove", *play).stdout.startswith("0 records and 0 health checks")


def test_a_name_outside_the_zone_is_refused(route53, zone):
    for record in ("play.example.org", "play.notexample.com"):
        ended = route53("point", "--zone", zone, "--record", record, "--to", ADDRESS)
        assert ended.stderr == (
            f"error: {record} does not lie in the zone example.com. Name a record such as play.example.com.\n"
        )


def test_a_zone_that_is_private_or_not_there_is_refused(route53):
    vpc = boto3.client("ec2").describe_vpcs()["Vpcs"][0]["VpcId"]
    private = boto3.client("route53").create_hosted_zone(
        Name="example.com",
        CallerReference="private",
        HostedZoneConfig={"PrivateZone": True},
        VPC={"VPCRegion": "us-east-1", "VPCId": vpc},
    )["HostedZone"]["Id"]
    ended = route53("point", "--zone", private, "--record", RECORD, "--to", ADDRESS)
    assert "The zone example.com is private" in ended.stderr

    ended = route53("point", "--zone", "Z0000000000000000000", "--record", RECORD, "--to", ADDRESS)
    assert (ended.returncode, ended.stderr) == (
        1,
        "error: This account has no zone Z0000000000000000000. List them: aws route53 list-hosted-zones\n",
    )
    assert not checks()


@pytest.mark.parametrize("target", ["play.example.com", "2001:db8::1", "203.0.113"])
def test_what_is_no_place_is_refused(route53, play, target):
    ended = route53("point", *play, "--to", target)
    assert f"error: {target} is no IPv4 address and no balancer." in ended.stderr
    assert not checks()


@pytest.mark.parametrize("command", [("point", "--to", ADDRESS), ("remove",)])
def test_without_credentials_a_command_says_so_in_one_line(route53, play, monkeypatch, command):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    ended = route53(command[0], *play, *command[1:])
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("error: There are no credentials for AWS. ")
    assert ended.stderr.count("\n") == 1
    assert SECRET not in ended.stderr
