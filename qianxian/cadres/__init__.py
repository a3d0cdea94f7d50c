"""Who serves where, with which powers and resources, and answers for what. 社区干部·三带下沉"""
