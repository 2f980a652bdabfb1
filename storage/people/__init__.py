"""Who works with the program: persons and their roles, their rights, how they sign in, and two who answer for one act."""
