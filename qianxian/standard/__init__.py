"""Cleans and codes every field under one data standard; no tables. 标准化数据处理"""
