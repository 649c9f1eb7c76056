"""A report as a file: picture, XLSX, CSV, PDF. Blocking: run in threads."""
