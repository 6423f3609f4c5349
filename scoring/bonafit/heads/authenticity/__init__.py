"""Is this creator genuine?"""
