"""The directory: people, what each of them holds, held and owes, and the departments they belong to."""
