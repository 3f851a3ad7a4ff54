"""Write synthetic consultations to a file: ``python scripts/generate_consultations.py --help``.

The records are those of ``veilbeam sample``; see ``pipelines/sample.py``.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from pipelines import sample
from transforms.errors import VeilbeamError


def main() -> int:
    parser = argparse.ArgumentParser(description="Write synthetic telehealth consultations.")
    parser.add_argument("path", type=Path, help="file to write: .jsonl, .csv or .parquet")
    parser.add_argument("--count", type=int, default=300, help="number of records (300)")
    parser.add_argument("--seed", type=int, default=7, help="the same seed gives the same file (7)")
    parser.add_argument("--patients", type=int, help="number of people (count / 2.5)")
    given = parser.parse_args()
    try:
        sample.write(given.path, given.count, given.seed, patients=given.patients)
    except VeilbeamError as problem:
        print(problem, file=sys.stderr)
        return problem.exit_code
    print(f"{given.path}: {given.count:,} consultations, {given.path.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
