"""JSONPath as Step Functions has it: a path of names and numbers gives one value, any other path an array."""

import functools
import re
from typing import Any

from jsonpath_ng.ext.parser import parse
from moto.stepfunctions.parser.asl.utils.json_path import NoSuchJsonPathError

# What may find several values, outside of quotes: .. * [1:2] [1,2] ?()
_SEVERAL = re.compile(r"\.\.|\*|\?|\[[^'\"\]]*[:,]")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_parsed = functools.lru_cache(maxsize=1024)(parse)


def extract(path: str, data: Any) -> Any:
    """Return what a path leads to.

    Raises:
        NoSuchJsonPathError: nothing is there.
    """
    found = [match.value for match in _parsed(path).find(data)]
    if _SEVERAL.search(_QUOTED.sub("''", path)):
        return found
    if not found:
        raise NoSuchJsonPathError(json_path=path, data=data)
    return found[0]
