"""The loop that learns: what creators liked and changed teaches a new recommender, which has to prove that it is
better before it is published.
"""
