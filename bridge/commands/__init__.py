"""What is asked of `haedap-bridge`, one module for each command; `console.py` is what they share."""
