"""Reviews of articles: comments and decisions of reviewers, review dates, and what calls for a new review."""
