"""Years of running at once: archives of other services, lists of runs, folders of files.

`parcels` opens what was given, `tables` and `lists` read lists, `reading` says of each thing what
it is, and `actions` brings the runs into the diary, each of them once. A list that nobody knows is
guessed by `columns` and read by `matching`, as its runner said.
"""
