"""Sales: memberships and products that are sold, and visits that are paid, in one document."""
