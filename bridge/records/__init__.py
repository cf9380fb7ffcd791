"""What was kept, for those who look after it: inbox, export, report, retention, backup."""
