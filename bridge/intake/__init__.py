"""Taking an inquiry in: from a checked form to a receipt number."""
