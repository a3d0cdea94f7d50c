"""Pages of residents: say it, follow it, judge it. 我要反映 · 查进度 · 评价"""
