"""The use cases, a module each. Adapters are passed in; nothing here knows a concrete one."""
