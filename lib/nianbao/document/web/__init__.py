"""Executed notebook → web pages: a whole page, and a fragment for a site's editor."""
