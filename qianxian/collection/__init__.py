"""Takes in forms, files, clients and devices; keeps each submission as it came. 集成式数据收集"""
