"""``veilbeam studio``: a page on this machine on which an officer tunes a configuration.

``edits`` changes the file's text, ``file`` is the file on disk, ``form`` says what can be edited,
``rules`` what a choice gives up, ``accuracy`` what error and budget come of it, ``preview`` what
records become, ``guard`` who may ask, ``server`` answers, ``page/`` is what the browser gets.
"""
