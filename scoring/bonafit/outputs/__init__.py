"""Results in files for people: a ranked CSV and a workbook, in the words of `bonafit.explanations`."""
