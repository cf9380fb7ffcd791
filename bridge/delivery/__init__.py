"""From the outbox to the sinks: leasing, sending, and telling somebody of what does not arrive."""
