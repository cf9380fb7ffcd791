"""What every way out stands on: the parcel, mail, HTTP, links, doors that are shut, and when to try again."""
