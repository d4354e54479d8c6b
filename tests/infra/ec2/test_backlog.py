"""The number of picture jobs that wait, as CloudWatch is told it."""

from uuid import uuid4

import boto3
import pytest

from aiplayer.catalogue import PictureJobs, connect, migrate
from infra.ec2 import backlog
from tests.support.commands import run_within

pytestmark = pytest.mark.process


def test_jobs_that_have_not_ended_are_counted_and_told(aws, tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'jobs.db'}"
    engine = connect(url)
    migrate(engine)
    jobs = PictureJobs(engine)
    ids = [jobs.add({"title": "비 오는 밤"}, None, most_unfinished=10) for _ in range(3)]
    jobs.cancel(ids[0])
    engine.dispose()

    monkeypatch.setenv("AIPLAYER_DATABASE_URL", url)
    ended = run_within(backlog.main, "--deployment", "demo")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "2 picture jobs\n", "")

    metrics = boto3.client("cloudwatch").list_metrics(Namespace="AIPlayer")["Metrics"]
    (metric,) = metrics
    assert metric["MetricName"] == "PictureJobsWaiting"
    assert metric["Dimensions"] == [{"Name": "Deployment", "Value": "demo"}]


def test_a_database_that_is_not_there_is_one_line(aws, tmp_path, monkeypatch):
    monkeypatch.setenv("AIPLAYER_DATABASE_URL", f"sqlite:///{tmp_path / str(uuid4()) / 'jobs.db'}")
    ended = run_within(backlog.main, "--deployment", "demo")
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: The database does not answer or refuses: ")
    assert not boto3.client("cloudwatch").list_metrics(Namespace="AIPlayer")["Metrics"]
