"""Answers for what went wrong: a page that says what to do next, or JSON for the API."""

def sign_in_url(back): return back
def refusal(request, exception): return None
def is_database_away(exception): return False
def csrf_failure(request, reason=""): return None
