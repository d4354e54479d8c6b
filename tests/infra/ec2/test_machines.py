"""One machine: where there is room for it, what it may do, and what it is told."""

import base64

import boto3
import pytest
import yaml

pytestmark = pytest.mark.process


def the_machine() -> dict:
    reservations = boto3.client("ec2").describe_instances()["Reservations"]
    (machine,) = [machine for reservation in reservations for machine in reservation["Instances"]]
    return machine


def test_too_small_a_quota_is_told_before_anything_is_made(aws, ec2, one):
    aws.gpu_vcpus = 0.0
    ended = ec2("up", *one)
    assert ended.returncode == 1
    assert "1 machines with GPUs need 4 vCPUs, and the account has 0 in us-east-1, 0 of them in use." in ended.stderr
    assert "--quota-code L-DB2E81BA --desired-value 4" in ended.stderr
    assert not boto3.client("iam").list_roles()["Roles"]

    assert ec2("up", *one, "--cpu").returncode == 0
    assert the_machine()["InstanceType"] == "m7i.large"


def test_machines_of_others_count_against_the_quota(aws, ec2, one):
    boto3.client("ec2").run_instances(ImageId="ami-12c6146b", InstanceType="g5.xlarge", MinCount=1, MaxCount=1)
    aws.gpu_vcpus = 4.0
    assert "4 of them in use" in ec2("up", *one).stderr


def test_a_zone_that_is_full_is_followed_by_the_next_and_then_by_the_next_type(aws, ec2, one):
    aws.fail("RunInstances", "InsufficientInstanceCapacity", lambda asked: asked["InstanceType"] == "g6.xlarge")
    ended = ec2("up", *one)
    assert ended.returncode == 0
    assert "no g6.xlarge to be had in the zone that us-east-1 chose now; trying the next" in ended.stdout
    assert "no g6.xlarge to be had in us-east-1a now" in ended.stdout
    assert the_machine()["InstanceType"] == "g5.xlarge"


def test_the_second_zone_is_enough(aws, ec2, one):
    subnets = boto3.client("ec2").describe_subnets()["Subnets"]
    second = next(each["SubnetId"] for each in subnets if each["AvailabilityZone"] == "us-east-1b")
    aws.fail("RunInstances", "InsufficientInstanceCapacity", lambda asked: asked.get("SubnetId") != second)
    assert ec2("up", *one).returncode == 0
    assert the_machine()["Placement"]["AvailabilityZone"] == "us-east-1b"


def test_where_no_zone_has_any_type_it_is_said_and_can_be_tried_again(aws, ec2, one):
    aws.fail("RunInstances", "InsufficientInstanceCapacity")
    ended = ec2("up", *one)
    assert ended.returncode == 1
    assert "No zone of us-east-1 has g6.xlarge, g5.xlarge, g4dn.xlarge now." in ended.stderr
    aws.mend()
    assert ec2("up", *one).returncode == 0


def test_a_machine_tells_of_itself_by_tokens_alone_and_containers_only_where_they_pull_models(ec2, one):
    ec2("up", *one)
    options = the_machine()["MetadataOptions"]
    assert (options["HttpTokens"], options["HttpPutResponseHopLimit"]) == ("required", 1)

    changed = ec2("up", *one, "--repository", "s3://models/aiplayer")
    assert "HttpPutResponseHopLimit 2" in changed.stdout
    assert the_machine()["MetadataOptions"]["HttpPutResponseHopLimit"] == 2


def test_its_disk_is_encrypted_and_everything_carries_its_tag(ec2, one):
    ec2("up", *one)
    ec2_client = boto3.client("ec2")
    (volume,) = ec2_client.describe_volumes()["Volumes"]
    assert (volume["Encrypted"], volume["VolumeType"]) == (True, "gp3")
    tagged = ec2_client.describe_tags(Filters=[{"Name": "tag:aiplayer:deployment", "Values": ["demo"]}])["Tags"]
    assert {tag["ResourceType"] for tag in tagged} == {"instance", "security-group", "volume", "vpc-elastic-ip"}


def test_only_the_web_is_open_and_ssh_to_whom_it_was_given(ec2, one):
    def openings() -> set[tuple[int, str]]:
        name = [{"Name": "group-name", "Values": ["aiplayer-demo-machine"]}]
        (group,) = boto3.client("ec2").describe_security_groups(Filters=name)["SecurityGroups"]
        return {(rule["FromPort"], source["CidrIp"]) for rule in group["IpPermissions"] for source in rule["IpRanges"]}

    ec2("up", *one)
    assert openings() == {(80, "0.0.0.0/0"), (443, "0.0.0.0/0")}
    ec2("up", *one, "--ssh-cidr", "203.0.113.7/32")
    assert openings() == {(80, "0.0.0.0/0"), (443, "0.0.0.0/0"), (22, "203.0.113.7/32")}
    assert "close 22 to 203.0.113.7/32" in ec2("up", *one).stdout
    assert openings() == {(80, "0.0.0.0/0"), (443, "0.0.0.0/0")}


def test_the_role_reads_its_own_and_nothing_else(ec2, one):
    ec2("up", *one, "--repository", "s3://models/aiplayer")
    answer = boto3.client("iam").get_role_policy(RoleName="aiplayer-demo-machines", PolicyName="aiplayer")
    statements = answer["PolicyDocument"]["Statement"]
    resources = {action: each["Resource"] for each in statements for action in each["Action"]}
    parameters = "arn:aws:ssm:us-east-1:123456789012:parameter/aiplayer/demo"
    assert resources["ssm:GetParameter"] == [parameters, f"{parameters}/*"]
    assert resources["s3:GetObject"] == ["arn:aws:s3:::models/aiplayer/*"]
    for_all = {action for action, where in resources.items() if where == ["*"]}
    assert {action.partition(":")[0] for action in for_all} == {"ec2messages", "ecr", "ssm", "ssmmessages"}
    assert not {action for action in for_all if "Get" in action} - {
        "ecr:GetAuthorizationToken",
        "ec2messages:GetEndpoint",
        "ec2messages:GetMessages",
    }


def test_a_machine_that_rests_is_started(ec2, one):
    ec2("up", *one)
    machine = the_machine()["InstanceId"]
    boto3.client("ec2").stop_instances(InstanceIds=[machine])
    assert "it is stopped" in ec2("plan", *one).stdout
    ec2("up", *one)
    assert (the_machine()["InstanceId"], the_machine()["State"]["Name"]) == (machine, "running")


def test_the_user_data_names_no_image_and_fits(ec2, one):
    ec2("up", *one)
    machine = the_machine()["InstanceId"]
    attribute = boto3.client("ec2").describe_instance_attribute(InstanceId=machine, Attribute="userData")
    text = base64.b64decode(attribute["UserData"]["Value"]).decode()
    assert text.startswith("#cloud-config\n")
    files = {each["path"]: each["content"] for each in yaml.safe_load(text)["write_files"]}
    assert "DEPLOYMENT=demo\nREGION=us-east-1\nSERVICE=AIPlayer\n" in files["/etc/aiplayer/duty"]
    assert "ai-player:1" not in text
