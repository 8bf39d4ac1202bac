"""What is brought in together: projects, their batches, and the frames taken of what lies in them."""
