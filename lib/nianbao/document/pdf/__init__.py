"""Blocks → PDF: one Typst template, the fonts, an nbconvert exporter."""
