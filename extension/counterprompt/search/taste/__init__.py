"""What a person likes: questions of four pictures, answers kept in the study's folder, and what they add to it."""
