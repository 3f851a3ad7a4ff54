"""What attackers find out from a release, tried by those who hold its source and know the answers.

Each attack sees only what a receiver of the release could have; the source serves as what the
attacker knows of people from elsewhere, and to tell whether he is right. One file an attack.
"""
