"""Sổ vụ việc: the register as officers read it: searched, filtered, a case's timeline to the millisecond, printable.

story    an entry of the journal as a sentence (pure)
search   which cases are meant, page by page
views    the pages, and a remark
"""
