"""The machine: files, devices, random streams, clocks."""
