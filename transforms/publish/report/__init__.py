"""The report of a release: ``report.json`` holds the facts, ``report.html`` shows them."""
