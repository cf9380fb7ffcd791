"""Haedap's builder: Markdown in, one fast static portal per brand and language out."""
