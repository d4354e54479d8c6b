"""Painters come when picture jobs wait, and all go when none has for a while."""

from typing import Any, NamedTuple

from infra.ec2.backlog import DIMENSION, METRIC, NAMESPACE
from infra.ec2.groups import ScalingGroup
from infra.ec2.resource import Cost, Found, Resource, Tell, tags_of

# So many jobs are left to one painter before another comes.
JOBS_A_PAINTER = 20
# Starting a painter takes minutes, so it is kept a while for what comes next.
IDLE_MINUTES = 15


class Rule(NamedTuple):
    """When a group gets which size.

    Attributes:
        part: How it is called.
        comparison: When the number of jobs is beyond the first one, in CloudWatch's word.
        minutes: For so long.
        without_news: What it means that nobody tells the number, in CloudWatch's word.
        steps: From how many jobs over the first one on, to how many, which size.
    """

    part: str
    comparison: str
    minutes: int
    without_news: str
    steps: list[dict[str, Any]]


def painters_needed(most: int) -> Rule:
    """One painter from the first job on, and one more for each JOBS_A_PAINTER jobs, up to `most`."""
    steps: list[dict[str, Any]] = []
    for size in range(1, most + 1):
        step = {"MetricIntervalLowerBound": float((size - 1) * JOBS_A_PAINTER), "ScalingAdjustment": size}
        if size < most:
            step["MetricIntervalUpperBound"] = float(size * JOBS_A_PAINTER)
        steps.append(step)
    return Rule("painters-come", "GreaterThanOrEqualToThreshold", 1, "notBreaching", steps)


def painters_idle() -> Rule:
    """No painter when there is no job, or nobody to tell."""
    steps = [{"MetricIntervalUpperBound": 0.0, "ScalingAdjustment": 0}]
    return Rule("painters-go", "LessThanThreshold", IDLE_MINUTES, "breaching", steps)


class Alarm(Resource):
    """An alarm on the number of jobs, and the size that it gives to a group.

    Args:
        group: The group.
        rule: When it gets which size.
    """

    kind = "alarm"

    def __init__(self, group: ScalingGroup, rule: Rule) -> None:
        super().__init__(group.site, rule.part)
        self._group = group
        self._rule = rule

    def look_up(self) -> Found | None:
        """The alarm of this name, with the policy of the group beside it."""
        listed = self._cloudwatch.describe_alarms(AlarmNames=[self.name])["MetricAlarms"]
        if not listed:
            return None
        alarm = listed[0]
        tags = self._cloudwatch.list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]
        steps = self._policy().get("StepAdjustments", [])
        return Found(alarm["AlarmArn"], alarm["StateValue"], tags_of(tags), {"steps": steps, "alarm": alarm})

    def make(self, tell: Tell) -> None:
        """Put the policy and the alarm; both may be there already."""
        self._put_policy()
        self._cloudwatch.put_metric_alarm(
            AlarmName=self.name,
            AlarmDescription=f"Gives {self._group.name} its size.",
            Namespace=NAMESPACE,
            MetricName=METRIC,
            Dimensions=[{"Name": DIMENSION, "Value": self.site.name}],
            # Every gateway tells the same number.
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=self._rule.minutes,
            Threshold=1.0,
            ComparisonOperator=self._rule.comparison,
            TreatMissingData=self._rule.without_news,
            AlarmActions=[self._policy()["PolicyARN"]],
            Tags=self.site.listed_tags(self.part),
        )

    def differences(self, found: Found) -> list[str]:
        """Whether the sizes are others."""
        present = sorted(found.details["steps"], key=lambda step: step["ScalingAdjustment"])
        return [] if present == self._rule.steps else ["its sizes"]

    def change(self, found: Found) -> None:
        """Put the policy anew; its name and so the alarm stay."""
        self._put_policy()

    def remove(self, found: Found) -> None:
        """Remove the alarm, and the policy where its group is still there."""
        self._cloudwatch.delete_alarms(AlarmNames=[self.name])
        if self._policy():
            self._scaling.delete_policy(AutoScalingGroupName=self._group.name, PolicyName=self.name)

    def costs(self, found: Found | None) -> list[Cost]:
        """The alarm."""
        return [Cost("alarm", "alarm", 1)]

    def _put_policy(self) -> None:
        self._scaling.put_scaling_policy(
            AutoScalingGroupName=self._group.name,
            PolicyName=self.name,
            PolicyType="StepScaling",
            AdjustmentType="ExactCapacity",
            MetricAggregationType="Maximum",
            StepAdjustments=self._rule.steps,
        )

    def _policy(self) -> dict[str, Any]:
        if self._group.find_ours() is None:
            return {}
        listed = self._scaling.describe_policies(AutoScalingGroupName=self._group.name)["ScalingPolicies"]
        return next((each for each in listed if each["PolicyName"] == self.name), {})

    @property
    def _cloudwatch(self) -> Any:
        return self.site.aws.client("cloudwatch")

    @property
    def _scaling(self) -> Any:
        return self.site.aws.client("autoscaling")
