"""Reading the narrative for what can be checked: its numbers with unit and context, its names, its dates."""
