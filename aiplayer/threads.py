"""How many threads do the arithmetic: contending ones are slower than one."""


def limit_threads(count: int) -> None:
    """Let TensorFlow and BLAS use this many; before TensorFlow has computed anything."""
    import tensorflow as tf
    from threadpoolctl import threadpool_limits

    tf.config.threading.set_intra_op_parallelism_threads(count)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    threadpool_limits(count)
