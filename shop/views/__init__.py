"""HTML for staff: function views over services and queries."""
