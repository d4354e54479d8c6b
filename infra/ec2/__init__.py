"""AI Player on EC2: one machine, or a group behind a balancer with painters that come when pictures wait.
`python -m infra.ec2`"""
