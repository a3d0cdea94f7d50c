"""One record for each person, household, home, organisation and place; links duplicates. 综合体数据库"""
