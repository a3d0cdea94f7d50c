"""The data standard as pages: elements, code tables and crosswalks browsed, and values tried on them."""
