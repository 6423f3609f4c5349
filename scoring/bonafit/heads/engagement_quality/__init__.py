"""Will the audience respond?"""
