"""Training of the built-in detector: data, network, training, export and evaluation."""
