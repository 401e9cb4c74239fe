"""What script/bench --storage postgresql measures with, and what it measures beside."""
