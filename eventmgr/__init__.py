"""eventmgr: from a written plan to a conference. The map of the floors, lowest first.

domain      decisions: standard library only, pure; time is an argument
models      memory: tables, the one transaction, the journal
documents   paper: plain values in, bytes out
services    use cases: one public function = one thing a person does = one transaction
live        telling open screens that something happened
web         doors for people, one per audience
jobs        work for later: PDFs, sweeping
cli         the `flask …` commands
bootstrap   create_app(settings): the one file that knows all the parts and joins them
launch      starts web server and job process together (`python app.py`)

This package imports nothing, so nothing can go round in circles.
"""
