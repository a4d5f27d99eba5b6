"""What is inside an XLSX, DOCX or ZIP, looked at before anything parses it."""
