"""The registers of a service department as YAML under git, with rules that cite their clause."""
