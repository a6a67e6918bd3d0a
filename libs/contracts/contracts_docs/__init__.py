"""What the contracts look like to others: schemas, an AsyncAPI document, and what may change."""
