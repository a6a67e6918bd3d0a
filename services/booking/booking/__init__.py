"""Locations, services, team members, clients, bookings and the calendar."""
