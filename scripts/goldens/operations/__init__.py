"""The cases of operations.json, a module for each family of operations."""
