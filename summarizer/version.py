"""The version, which the build reads as well."""

VERSION = "0.1.0"

SIGNATURE = "Every quotation is sliced from its article by program, never typed by the model."
"""What a briefing says of itself: one that lies among the articles is no article."""
