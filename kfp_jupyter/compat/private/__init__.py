"""Private modules of KFP v1 that published add-ons import, each under its own name without the underscore.

What an add-on may call does here what it does there, by this package's own means.
"""
