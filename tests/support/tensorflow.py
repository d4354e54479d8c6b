"""TensorFlow without graphs or with plain ones, for what is computed a few times."""

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


@contextmanager
def plain_graphs() -> Iterator[None]:
    """Leave graphs as they were traced: improving them takes seconds, and a miniature gains nothing by it."""
    options = tf.config.optimizer.get_experimental_options()
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    try:
        yield
    finally:
        tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": False} | options)
