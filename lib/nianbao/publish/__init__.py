"""One way to make a finished report: look before, run, write, seal."""
