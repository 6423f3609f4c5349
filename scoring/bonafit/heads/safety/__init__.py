"""May a brand stand beside these posts? Categories of brand safety, with the posts."""
