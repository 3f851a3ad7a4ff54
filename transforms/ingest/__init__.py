"""Sources to Arrow batches: what a user's files hold, read in parallel, with nothing lost.

Every record that is read goes on in a batch or goes to quarantine with file, position and reason.
"""
