"""Document → DOCX: an official document that an office opens in WPS or Word with its own faces, and edits."""
