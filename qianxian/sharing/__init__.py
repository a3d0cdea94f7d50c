"""Lends data between departments and platforms for a stated purpose. 协同化应用"""
