"""How does something come in while others go on working? In a process of its own."""
