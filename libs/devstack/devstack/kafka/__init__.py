"""One Kafka broker without Docker: its jars from Maven Central, its data in the stack's folder."""
