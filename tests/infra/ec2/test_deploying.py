"""Another image, or another set: brought to what serves, and taken back where it does not come ready."""

import boto3
import pytest

pytestmark = pytest.mark.process

DEMO = ("--name", "demo")
SECOND = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ai-player:2"


def release() -> str:
    return boto3.client("ssm").get_parameter(Name="/aiplayer/demo/release")["Parameter"]["Value"]


def commands() -> list[str]:
    """What machines were told to run."""
    listed = boto3.client("ssm").list_commands()["Commands"]
    return [command for each in listed for command in each["Parameters"]["commands"]]


def test_a_machine_tries_a_release_and_keeps_it(ec2, one):
    ec2("up", *one)
    ended = ec2("deploy", *DEMO, "--image", SECOND, "--set", "c2dae4")
    assert (ended.returncode, ended.stdout) == (0, f"✓ {SECOND} serves, with the set c2dae4\n")
    assert commands() == [f"/usr/local/lib/aiplayer/release.sh {SECOND} c2dae4"]
    assert release() == f"IMAGE={SECOND}\nAIPLAYER_SET=c2dae4\n"

    # The set alone changes, and the image stays.
    ec2("deploy", *DEMO, "--set", "")
    assert release() == f"IMAGE={SECOND}\nAIPLAYER_SET=\n"
    assert "deploy --image URI" in ec2("up", *one).stderr
    assert ec2("up", *DEMO).stdout == "Nothing had to be changed.\n"


def test_what_does_not_come_ready_on_a_machine_is_not_the_release(aws, ec2, one):
    ec2("up", *one)
    before = release()
    aws.command_status = "Failed"
    ended = ec2("deploy", *DEMO, "--image", SECOND)
    assert ended.returncode == 1
    assert f"error: {SECOND} does not come ready: the machine says Failed." in ended.stderr
    assert release() == before


def test_a_group_is_made_anew_machine_by_machine(aws, ec2, group):
    ec2("up", *group)
    ended = ec2("deploy", *DEMO, "--image", SECOND)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert aws.calls.count("StartInstanceRefresh") == 2
    assert release() == f"IMAGE={SECOND}\nAIPLAYER_SET=\n"


def test_a_group_that_does_not_come_ready_is_made_anew_as_it_was(aws, ec2, group):
    ec2("up", *group)
    before = release()
    aws.refreshes = ["Failed", "Successful"]
    ended = ec2("deploy", *DEMO, "--image", SECOND)
    assert ended.returncode == 1
    assert "does not come ready: aiplayer-demo-gateway says Failed." in ended.stderr
    assert aws.calls.count("StartInstanceRefresh") == 2
    assert release() == before


@pytest.mark.parametrize("words", [("--image", "x; reboot"), ("--set", "$(reboot)")])
def test_what_a_shell_would_read_otherwise_is_refused(ec2, words):
    ended = ec2("deploy", *DEMO, *words)
    assert ended.returncode == 1
    assert f"error: {words[0]} is no " in ended.stderr


def test_there_has_to_be_something_to_bring_it_to(ec2):
    assert ec2("deploy", *DEMO, "--image", SECOND).stderr == (
        "error: There is no deployment demo. Make it: `up --name NAME --image URI`.\n"
    )
