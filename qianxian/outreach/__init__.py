"""Calls, messages and visits to residents: one contact for many purposes, paced. 联系居民"""
