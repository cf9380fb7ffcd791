"""Looking the bridge over before a customer finds out."""
