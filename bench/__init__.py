"""What svcdesk costs, side by side with what a person would otherwise run."""
