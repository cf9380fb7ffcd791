"""What is asked of `haedap`, one module for each group of commands; `frame.py` is what they share."""
