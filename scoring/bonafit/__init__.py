"""bonafit: scores creators for a brand with a published bundle."""
