"""What a tagger saw, and how it differs from what was asked."""
