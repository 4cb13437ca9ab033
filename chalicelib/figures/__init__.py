"""The figures of the desk: reports as tables, for the screen, spreadsheets, mails and the bucket."""
