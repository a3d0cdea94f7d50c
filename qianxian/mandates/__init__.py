"""Who holds power, duty and benefit, for what, where and when; finds where they part. 权责利清单"""
