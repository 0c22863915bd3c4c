"""From states to the vector of a message, as the model wants it."""

import numpy


def pooled(states):
    """The mean over all tokens of a row, with a norm of 1, as plain numbers."""
    mean = states.mean(axis=0)
    return (mean / numpy.linalg.norm(mean)).tolist()
