"""Commands of `pagesieve` by their noun: samples, versions."""
