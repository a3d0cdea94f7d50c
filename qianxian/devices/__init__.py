"""From design through three trials to acceptance, upkeep and telemetry. 智能设备"""
