"""What a brand makes of shared articles: blocks of its own, replaced sections, other pictures."""
