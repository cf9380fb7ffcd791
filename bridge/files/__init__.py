"""What customers attach: where it lies, and under which names."""
