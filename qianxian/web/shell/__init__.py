"""The frame around every page: design language, way in, safety of the web, error pages, words in two languages."""
