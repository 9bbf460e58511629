"""Webhooks: endpoints with their secrets, deliveries with every attempt, and callbacks."""
