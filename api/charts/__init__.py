"""Policy answers as charts and tables, in the languages of the United Nations."""
