"""Real Kafka and Postgres on a machine without Docker."""
