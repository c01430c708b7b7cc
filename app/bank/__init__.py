"""Reads and checks question files. Knows Markdown and YAML, not the web and not the database."""
