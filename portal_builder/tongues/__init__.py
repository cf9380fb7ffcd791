"""In which language a text is: what of it is prose, its scripts, its words."""
