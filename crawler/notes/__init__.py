"""What is noted on the way of a visit, beside what the visit itself tells: one file a family."""
