"""The report notebook: what its cells show, the engine that runs it, the exporters that print it."""
