"""Sales of memberships, bills of visits, what is owed."""
