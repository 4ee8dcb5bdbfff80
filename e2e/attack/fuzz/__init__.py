"""Thousands of made-up requests to every address of shop, none of which may be answered with a 5xx.

In the process itself, through Django's test client: middleware, forms, services and the database are the
real ones, and 20,000 requests take minutes. What floods and stalls the server is tested beside it.
"""
