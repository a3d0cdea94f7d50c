"""Qianxian 千线: a thousand threads above, one needle below.

Read the packages in the order in which a matter meets them:

collection    takes in forms, files, clients and devices; keeps each submission as it came
standard      cleans and codes every field under one data standard; no tables
register      holds one record for each person, household, home, organisation and place; links duplicates
mandates      says who holds power, duty and benefit, for what, where and when; finds where they part
cadres        says who serves where, with which powers and resources, and answers for what
matters       carries one demand from intake to closed, with one owner at every moment
errands       gates the tasks and meetings that departments ask of a community
ledgers       derives every ledger and report
outreach      paces calls, messages and visits to residents: one contact for many purposes
deliberation  lets residents discuss, decide, rate and supervise; communities speak in service decisions
partners      matches needs with the resources of party, government, masses, business and society
devices       takes a device from design through three trials to acceptance, upkeep and telemetry
sharing       lends data between departments and platforms for a stated purpose
journal       remembers who did what, when, under which article; append only
"""
