"""What tests reach: by the names that lead from them, and by the lines that ran."""
