"""xAPI 1.0.3 with its video profile (https://w3id.org/xapi/video): statements written, and statements read.

Plain JSON, by hand: there is no kept library of it. All of this is pure; what it needs of the database is handed in.
"""
