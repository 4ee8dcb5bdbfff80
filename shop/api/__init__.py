"""The tutorial's JSON endpoints, over the same forms and services as the pages."""
