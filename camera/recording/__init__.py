"""The recorder and its workers: processes that take each packet as it comes, write it into segments and report what they do.

Here live the supervision, the pipes between the processes, and the segments. What the pictures show is found in `camera.looking`.
"""
