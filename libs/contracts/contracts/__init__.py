"""What the services say to each other: commands, events, topics; data only."""
