"""The root secret, and the keys that are derived from it: one for each purpose and project.

``root`` is the secret and its derived keys, ``ring`` its versions as they are written down,
``files`` what is done with the file that holds them, ``kms`` the services that wrap a secret,
``derived`` a single derived key that is handed on, ``source`` where a process finds the secret.
"""

from .derived import DerivedKey
from .files import create, destroy, load, load_holder, load_or_create, rotate
from .ring import KeyRing
from .root import KEY_BYTES, Purpose, RootKey, derive
from .source import KEY_VARIABLE, KeySource

__all__ = [
    "KEY_BYTES",
    "KEY_VARIABLE",
    "DerivedKey",
    "KeyRing",
    "KeySource",
    "Purpose",
    "RootKey",
    "create",
    "derive",
    "destroy",
    "load",
    "load_holder",
    "load_or_create",
    "rotate",
]
