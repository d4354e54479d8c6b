"""A group: what its balancer lets through, and how painters come and go with the picture jobs."""

import boto3
import pytest

pytestmark = pytest.mark.process


@pytest.fixture
def made(ec2, group) -> None:
    """A group with painters."""
    ended = ec2("up", *group)
    assert (ended.returncode, ended.stderr) == (0, "")


def scaling_group(part: str) -> dict:
    name = f"aiplayer-demo-{part}"
    return boto3.client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][
        0
    ]


def test_the_balancer_speaks_tls_closes_the_operators_paths_and_asks_who_is_ready(made):
    elb = boto3.client("elbv2")
    balancers = {each["LoadBalancerName"]: each for each in elb.describe_load_balancers()["LoadBalancers"]}
    assert balancers["aiplayer-demo-paint"]["Scheme"] == "internal"
    arn = balancers["aiplayer-demo-balancer"]["LoadBalancerArn"]
    listeners = {each["Port"]: each for each in elb.describe_listeners(LoadBalancerArn=arn)["Listeners"]}
    assert listeners[443]["Protocol"] == "HTTPS"
    assert listeners[80]["DefaultActions"][0]["RedirectConfig"]["Protocol"] == "HTTPS"

    closed, _ = elb.describe_rules(ListenerArn=listeners[443]["ListenerArn"])["Rules"]
    assert closed["Conditions"][0]["PathPatternConfig"]["Values"] == ["/metrics", "/readyz"]
    assert closed["Actions"][0]["FixedResponseConfig"]["StatusCode"] == "404"
    (targets,) = elb.describe_target_groups(Names=["aiplayer-demo-gateway"])["TargetGroups"]
    assert (targets["HealthCheckPath"], targets["Port"]) == ("/readyz", 3000)


def test_no_painter_runs_until_jobs_wait_and_no_more_than_were_allowed(made):
    painters = scaling_group("painters")
    assert (painters["MinSize"], painters["MaxSize"], painters["DesiredCapacity"]) == (0, 3, 0)
    policies = boto3.client("autoscaling").describe_policies(AutoScalingGroupName="aiplayer-demo-painters")
    steps = {each["PolicyName"]: each["StepAdjustments"] for each in policies["ScalingPolicies"]}
    assert [step["ScalingAdjustment"] for step in steps["aiplayer-demo-painters-come"]] == [1, 2, 3]
    assert [step["ScalingAdjustment"] for step in steps["aiplayer-demo-painters-go"]] == [0]

    alarms = boto3.client("cloudwatch").describe_alarms()["MetricAlarms"]
    for alarm in alarms:
        assert (alarm["Namespace"], alarm["MetricName"]) == ("AIPlayer", "PictureJobsWaiting")
        assert alarm["Dimensions"] == [{"Name": "Deployment", "Value": "demo"}]
        assert len(alarm["AlarmActions"]) == 1


def test_the_gateways_find_the_painters_and_run_without_a_card(made):
    environment = boto3.client("ssm").get_parameter(Name="/aiplayer/demo/environment")["Parameter"]["Value"]
    balancers = boto3.client("elbv2").describe_load_balancers(Names=["aiplayer-demo-paint"])["LoadBalancers"]
    assert f"AIPLAYER_PAINTER_URL=http://{balancers[0]['DNSName']}\n" in environment

    def types(part: str) -> list[str]:
        overrides = scaling_group(part)["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"]
        return [each["InstanceType"] for each in overrides]

    assert types("gateway") == ["m7i.large", "m6i.large", "m5.large"]
    assert types("painters") == ["g6.xlarge", "g5.xlarge", "g4dn.xlarge"]


def test_painters_that_are_not_wanted_any_more_go(ec2, group, made):
    without = [option for option in group if option not in ("--painters", "3")]
    assert ec2("up", *without).returncode == 1
    ended = ec2("up", *without, "--remove")
    assert (ended.returncode, ended.stderr) == (0, "")
    groups = boto3.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    assert [each["AutoScalingGroupName"] for each in groups] == ["aiplayer-demo-gateway"]
    assert "Nothing would change." in ec2("plan", *without).stdout


def test_a_group_without_a_database_or_with_a_foreign_certificate_is_refused(ec2, group):
    without = group[: group.index("--secrets")]
    assert "The machines of a group share a MySQL database." in ec2("plan", *without).stderr
    foreign = [option.replace("certificate/", "certificate/0") for option in group]
    assert "The certificate is not there in us-east-1." in ec2("plan", *foreign).stderr
    assert not boto3.client("iam").list_roles()["Roles"]
