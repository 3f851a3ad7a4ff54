"""The stages of the pipeline, one package each, in the order in which a record meets them.

``fields`` and ``batches`` are what all stages share: the vocabulary of a field's role, and the
Arrow record batch that travels between them.
"""
