"""What a function does, said in the same way whatever language it is written in."""
