"""Who did what, when, under which article; append only. 日志"""
