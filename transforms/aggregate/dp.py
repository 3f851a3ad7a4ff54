"""What Veilbeam uses of OpenDP.

``opendp.prelude`` holds the same and more: it imports scikit-learn and others where they are
installed, which takes every worker a second and 140 MB.
"""

import opendp.combinators as c
import opendp.measurements as m
import opendp.transformations as t
from opendp.accuracy import discrete_gaussian_scale_to_accuracy
from opendp.domains import atom_domain, map_domain, vector_domain
from opendp.measures import max_divergence, zero_concentrated_divergence
from opendp.metrics import (
    absolute_distance,
    l01inf_distance,
    l02inf_distance,
    l1_distance,
    l2_distance,
    linf_distance,
)
from opendp.mod import (
    Measurement,
    OpenDPException,
    PrivacyProfile,
    Transformation,
    enable_features,
)
from opendp.typing import f64, i64

__all__ = [
    "Measurement",
    "OpenDPException",
    "PrivacyProfile",
    "Transformation",
    "absolute_distance",
    "atom_domain",
    "c",
    "discrete_gaussian_scale_to_accuracy",
    "enable_features",
    "f64",
    "i64",
    "l01inf_distance",
    "l02inf_distance",
    "l1_distance",
    "l2_distance",
    "linf_distance",
    "m",
    "map_domain",
    "max_divergence",
    "t",
    "vector_domain",
    "zero_concentrated_divergence",
]
