"""Residents discuss, decide, rate and supervise; communities speak in service decisions. 议事·监督·参与决策"""
