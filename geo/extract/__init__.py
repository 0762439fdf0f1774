"""How does an article become draft incidents? Names, places, and what is said of them."""
