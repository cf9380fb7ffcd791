"""Owns how machines find and read a portal: head, feed, sitemap, Markdown twins, robots. Refuses what readers see."""
