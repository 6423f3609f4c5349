"""Does this creator live the brief's niche?"""
