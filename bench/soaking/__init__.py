"""The clients of bench/soak.py: each knows what the server must hold of what it wrote, and looks."""
