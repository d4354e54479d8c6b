"""TensorFlow without graphs, for what is computed once or twice."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import tensorflow as tf


@contextmanager
def step_by_step() -> Iterator[None]:
    """Compute as Python says, and trace no graph: for a few steps, tracing would take longer than computing."""
    tf.config.run_functions_eagerly(True)
    try:
        with warnings.catch_warnings():
            # Data still come from a graph, and TensorFlow says so.
            warnings.filterwarnings("ignore", message=".*does not apply to tf.data functions")
            yield
    finally:
        tf.config.run_functions_eagerly(False)
