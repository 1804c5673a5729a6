"""Programs that read articles into typed notes, ours and others, each as its documentation shows it.

A module has `prepare(place)`, which makes the client and returns what reads the first so many
articles and says how many demands it has notes of. Those of others import neither this project's
package nor each other: each runs in an environment of its own (`benchmarks.peers`).
"""
