"""Báo cáo: the half-year's and the year's *sơ kết*: what was counted, how quick, which nights; on a page, in files.

period   which days
figures  the figures themselves, from plain rows (pure)
query    the rows, from the register
tables   the figures as titled tables: the one source of every form of the report (pure)
xlsx, pdf, csvs   each form
views    the pages
"""
