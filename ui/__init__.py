"""The pages: what a person sees, asks and does."""
