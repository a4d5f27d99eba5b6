"""A PDF → lines and grids."""
