"""API keys: how they look, where they are kept, who holds one."""

from gateway.keys.directory import Directory
from gateway.keys.secret import NewKey, hash_of, new_key

__all__ = ["Directory", "NewKey", "hash_of", "new_key"]
