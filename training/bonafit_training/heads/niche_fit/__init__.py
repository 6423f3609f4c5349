"""Training of the niche-fit head, of the fast encoder's and of the index's."""
