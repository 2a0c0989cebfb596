"""Models are measured on functions that none of them was trained on, beside words alone."""
