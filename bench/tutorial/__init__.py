"""The app that CockroachDB's Django tutorial describes, written anew, to be measured against."""
