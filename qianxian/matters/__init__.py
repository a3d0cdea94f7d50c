"""One demand from intake to closed, one owner at every moment. 诉求"""
