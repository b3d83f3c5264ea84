"""Interchange formats: `parse` from text to records, `dump` from works to text, side by side."""
