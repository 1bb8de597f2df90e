"""The registers of a service department as YAML under git, with rules that cite their clause."""

VERSION = "0.1.0"
