"""Tells CloudWatch how many picture jobs wait or are being painted; painters come and go by it.

    python -m infra.ec2.backlog --deployment NAME

It runs in the gateways' containers, each minute. Several may: what they tell is the same.
"""

import argparse

from aiplayer.catalogue import PictureJobs, connect
from aiplayer.settings import Settings
from infra.aws import Aws, one_line_errors
from training.console import run_command

NAMESPACE, METRIC, DIMENSION = "AIPlayer", "PictureJobsWaiting", "Deployment"


def unfinished_jobs(settings: Settings) -> int:
    """How many picture jobs of the database have not ended.

    Raises:
        sqlalchemy.exc.DBAPIError: the database does not answer.
    """
    engine = connect(settings.database_url.get_secret_value(), settings.database_timeout_s)
    try:
        return PictureJobs(engine).unfinished()
    finally:
        engine.dispose()


def publish(aws: Aws, deployment: str, jobs: int) -> None:
    """Put the number where the alarms of the painters look.

    Args:
        aws: The account.
        deployment: The deployment's name.
        jobs: How many have not ended.
    """
    measured = {
        "MetricName": METRIC,
        "Dimensions": [{"Name": DIMENSION, "Value": deployment}],
        "Value": jobs,
        "Unit": "Count",
    }
    aws.client("cloudwatch").put_metric_data(Namespace=NAMESPACE, MetricData=[measured])


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.ec2.backlog", description=__doc__.split("\n")[0])
    parser.add_argument("--deployment", required=True, help="its name, as `python -m infra.ec2 up --name` was given it")
    parser.add_argument("--region", default="", help="default: boto3's")
    arguments = parser.parse_args()

    jobs = unfinished_jobs(Settings())
    with one_line_errors():
        publish(Aws(arguments.region), arguments.deployment, jobs)
    print(f"{jobs} picture jobs")


if __name__ == "__main__":
    run_command(main)
