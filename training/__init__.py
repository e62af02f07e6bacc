"""The loop: labelled samples in, a measured model version out."""
