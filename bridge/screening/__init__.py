"""What tells a customer from a robot, and holds what may be one."""
