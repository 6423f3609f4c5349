"""The commands that training adds."""
