"""Problem documents, health, identity, pagination."""
