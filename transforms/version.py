"""The version of Veilbeam, as packaging, files and manifest state it."""

VERSION = "0.1.0"
