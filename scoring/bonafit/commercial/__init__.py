"""What a creator sold before: which posts are ads, who paid, how it was said, and what stands against a booking."""
