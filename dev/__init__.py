"""The whole desk on one laptop, no AWS account."""
