"""Makes an image: a bento with its models and its catalogue, a Docker build context around it, and its size by part.
`python -m infra.image`"""
