"""The knowledge base: YAML files read, checked, built and searched."""
