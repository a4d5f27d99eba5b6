"""What is inside an XLSX, DOCX, PDF or ZIP, looked at before anything parses it."""
