"""How does a brief become a drawn page?"""
