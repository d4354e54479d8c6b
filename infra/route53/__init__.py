"""Points a name at a deployment: a record with a health check, and another address where it does not answer.
`python -m infra.route53`"""
