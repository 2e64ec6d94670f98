"""Find champion: the model that the new one is held against."""

from typing import Any

from hooks import champions


def handler(_event: object, _context: object) -> dict[str, Any]:
    """Return the champion, with the S3 URI of what it has `seen`: the rows that it was trained on."""
    champion = champions.find()
    return {"champion": champion and champion | {"seen": champions.kept(champion, "processed/seen")}}
