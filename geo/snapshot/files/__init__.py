"""How does a drawn page, or what it says, become a file that can be checked?"""
