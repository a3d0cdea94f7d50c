"""Tasks and meetings that departments ask of a community: gate, limits, refusal. 事项准入·减负"""
