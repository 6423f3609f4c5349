"""May a brand stand beside these posts?"""
