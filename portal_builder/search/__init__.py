"""The search of a portal: what customers will see, as an index that a browser reads in small pieces."""
