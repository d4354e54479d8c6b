"""The commands against an account: made once, nothing the second time, gone on with after a failure, and removed."""

import json
from functools import cache

import boto3
import pytest

from tests.support.tiny_aws import SECRET

pytestmark = pytest.mark.process

FOREIGN = "somebody-elses"


@cache
def client(service: str):
    return boto3.client(service)


def machines() -> list[dict]:
    reservations = client("ec2").describe_instances()["Reservations"]
    found = [machine for reservation in reservations for machine in reservation["Instances"]]
    return [machine for machine in found if machine["State"]["Name"] in ("pending", "running")]


def inventory() -> dict[str, list[str]]:
    """What an account holds of the kinds that a deployment is made of, by their names or ids."""
    ec2, elb, scaling, iam = client("ec2"), client("elbv2"), client("autoscaling"), client("iam")
    own = [{"Key": "Path", "Option": "Recursive", "Values": ["/aiplayer"]}]
    parameters = client("ssm").describe_parameters(ParameterFilters=own)["Parameters"]
    return {
        "machines": sorted(machine["InstanceId"] for machine in machines()),
        "addresses": sorted(each["AllocationId"] for each in ec2.describe_addresses()["Addresses"]),
        "security groups": sorted(each["GroupName"] for each in ec2.describe_security_groups()["SecurityGroups"]),
        "templates": sorted(each["LaunchTemplateName"] for each in ec2.describe_launch_templates()["LaunchTemplates"]),
        "roles": sorted(each["RoleName"] for each in iam.list_roles()["Roles"]),
        "profiles": sorted(each["InstanceProfileName"] for each in iam.list_instance_profiles()["InstanceProfiles"]),
        "parameters": sorted(each["Name"] for each in parameters),
        "balancers": sorted(each["LoadBalancerName"] for each in elb.describe_load_balancers()["LoadBalancers"]),
        "target groups": sorted(each["TargetGroupName"] for each in elb.describe_target_groups()["TargetGroups"]),
        "groups": sorted(
            each["AutoScalingGroupName"] for each in scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        ),
        "policies": sorted(each["PolicyName"] for each in scaling.describe_policies()["ScalingPolicies"]),
        "alarms": sorted(each["AlarmName"] for each in client("cloudwatch").describe_alarms()["MetricAlarms"]),
    }


@pytest.fixture
def options(request) -> list[str]:
    """Those of one machine, or of a group."""
    return request.getfixturevalue(request.param)


@pytest.mark.parametrize("options", ["one", "group"], indirect=True)
def test_up_makes_it_once_and_down_removes_it_and_nothing_else(ec2, options):
    client("ec2").run_instances(
        ImageId="ami-12c6146b",
        MinCount=1,
        MaxCount=1,
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "aiplayer-demo-machine"}]}],
    )
    client("ec2").create_security_group(GroupName=FOREIGN, Description=FOREIGN)
    client("ssm").put_parameter(Name="/aiplayer/demo/secrets/by_hand", Type="String", Value=FOREIGN)
    before = inventory()

    planned = ec2("plan", *options)
    assert planned.returncode == 0
    assert "+  make" in planned.stdout
    assert inventory() == before

    made = ec2("up", *options)
    assert (made.returncode, made.stderr) == (0, "")
    after = inventory()
    assert after != before
    assert made.stdout.count("✓ made ") == planned.stdout.count("+  make")

    again = ec2("up", *options)
    assert (again.returncode, again.stdout) == (0, "Nothing had to be changed.\n")
    assert inventory() == after
    planned_again = ec2("plan", *options)
    assert "Nothing would change." in planned_again.stdout
    assert planned_again.stdout.count("=  keep") == planned.stdout.count("+  make")

    removed = ec2("down", "--name", "demo")
    assert (removed.returncode, removed.stderr) == (0, "")
    assert removed.stdout.endswith("nothing is left of demo.\n")
    assert inventory() == before
    assert ec2("down", "--name", "demo").stdout == "0 removed, nothing is left of demo.\n"


@pytest.mark.parametrize(
    ("options", "operation"),
    [
        ("one", "PutRolePolicy"),
        ("one", "AssociateAddress"),
        ("group", "PutMetricAlarm"),
        ("group", "CreateRule"),
        ("group", "CreateAutoScalingGroup"),
    ],
    indirect=["options"],
)
def test_what_was_broken_off_goes_on_without_duplicates(aws, ec2, options, operation):
    before = inventory()
    aws.fail(operation, "RequestLimitExceeded")
    broken = ec2("up", *options)
    assert broken.returncode == 1
    assert broken.stderr == (
        f"error: AWS answers RequestLimitExceeded to {operation}. "
        "Run the same command again; it goes on where it was.\n"
    )
    half = inventory()
    assert half != before

    aws.mend()
    assert ec2("up", *options).returncode == 0
    whole = inventory()
    for kind, names in half.items():
        assert set(names) <= set(whole[kind])
        assert len(set(whole[kind])) == len(whole[kind])
    assert "Nothing would change." in ec2("plan", *options).stdout

    assert ec2("down", "--name", "demo").returncode == 0
    assert inventory() == before


def test_a_removal_that_was_broken_off_goes_on(aws, ec2, one):
    before = inventory()
    ec2("up", *one)
    aws.fail("DeleteParameter", "RequestLimitExceeded")
    assert ec2("down", "--name", "demo").returncode == 1
    aws.mend()
    assert ec2("down", "--name", "demo").returncode == 0
    assert inventory() == before


def test_one_machine_becomes_a_group_only_where_what_goes_is_named_and_allowed(ec2, one, group):
    ec2("up", *one)
    refused = ec2("up", *group)
    assert refused.returncode == 1
    assert "This would remove address aiplayer-demo-address, machine aiplayer-demo-machine" in refused.stderr
    assert len(machines()) == 1

    assert "-  remove  machine" in ec2("plan", *group).stdout
    assert ec2("up", *group, "--remove").returncode == 0
    assert "Nothing would change." in ec2("plan", *group).stdout
    assert not client("ec2").describe_addresses()["Addresses"]


def test_what_is_somebody_elses_is_not_taken_over(ec2, one):
    client("iam").create_role(RoleName="aiplayer-demo-machines", AssumeRolePolicyDocument="{}")
    refused = ec2("up", *one)
    assert refused.returncode == 1
    assert (
        "There is a role aiplayer-demo-machines that does not carry the tag aiplayer:deployment=demo" in refused.stderr
    )
    assert ec2("down", "--name", "demo").returncode == 0
    assert "aiplayer-demo-machines" in inventory()["roles"]


def test_status_says_what_is_there_and_where(ec2, one):
    assert ec2("status", "--name", "demo").stdout == "There is no deployment demo in us-east-1.\n"
    ec2("up", *one)
    status = ec2("status", "--name", "demo").stdout
    address = client("ec2").describe_addresses()["Addresses"][0]["PublicIp"]
    assert address in status
    assert "running" in status
    assert "ai-player:1 with the set packed in it." in status


def test_no_secret_is_printed_and_none_is_in_the_user_data(ec2, group):
    outputs = [ec2(*words) for words in (("plan", *group), ("up", *group), ("status", "--name", "demo"))]
    templates = client("ec2").describe_launch_template_versions(LaunchTemplateName="aiplayer-demo-gateway")
    told = json.dumps([[each.stdout, each.stderr] for each in outputs]) + json.dumps(templates, default=str)
    assert "hushhush" not in told
    assert SECRET not in told

    kept = client("ssm").get_parameter(Name="/aiplayer/demo/secrets/aiplayer_database_url")["Parameter"]
    assert kept["Type"] == "SecureString"


def test_a_secret_that_is_another_is_written_anew(ec2, one, secrets):
    ec2("up", *one, "--secrets", secrets)
    (secrets / "aiplayer_database_url").write_text("mysql+pymysql://aiplayer:other@db/aiplayer")
    planned = ec2("plan", *one, "--secrets", secrets).stdout
    assert "aiplayer_database_url is another" in planned
    ec2("up", *one, "--secrets", secrets)
    answer = client("ssm").get_parameter(Name="/aiplayer/demo/secrets/aiplayer_database_url", WithDecryption=True)
    assert answer["Parameter"]["Value"].endswith(":other@db/aiplayer")
    assert "Nothing would change." in ec2("plan", *one).stdout


@pytest.mark.parametrize("command", ["plan", "up", "status", "deploy", "down"])
def test_without_credentials_a_command_says_so_in_one_line(ec2, monkeypatch, command):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    ended = ec2(command, "--name", "demo")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("error: There are no credentials for AWS. ")
    assert ended.stderr.count("\n") == 1


def test_wrong_credentials_are_refused_in_one_line(aws, ec2, one):
    aws.fail("GetCallerIdentity", "InvalidClientTokenId")
    ended = ec2("up", *one)
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: AWS refuses these credentials: InvalidClientTokenId. ")
    assert SECRET not in ended.stderr
