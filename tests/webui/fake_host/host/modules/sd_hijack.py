"""The text encoder as the host uses it: chunks of 75 tokens."""

from types import SimpleNamespace


class ModelHijack:
    """Counts tokens and keeps embeddings."""

    embedding_db = SimpleNamespace(word_embeddings={}, skipped_embeddings={})

    def get_prompt_lengths(self, text):
        """Return the tokens of *text*, here its words, and those of the chunks they fill."""
        count = len(text.split())
        return count, max(1, -(-count // 75)) * 75


model_hijack = ModelHijack()
