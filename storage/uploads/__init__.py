"""What persons bring as files: rows of an export, read into facts before anything is stored."""
