"""Needs and resources of party, government, masses, business and society. 党政群商社"""
