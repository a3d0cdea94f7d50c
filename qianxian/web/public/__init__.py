"""The register in force as everybody may read it: who answers for what, by which article. 谁管这件事"""
