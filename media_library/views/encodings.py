"""Which coding of an answer a client takes (RFC 9110, 12.5.3)."""

ANYTHING = "*"


def takes_gzip(accepted: str) -> bool:
    """`accepted` is the header `Accept-Encoding`; without one, nothing is packed."""
    weights = dict(map(_weighed, accepted.lower().split(",")))
    return weights.get("gzip", weights.get("x-gzip", weights.get(ANYTHING, 0.0))) > 0


def _weighed(one: str) -> tuple[str, float]:
    """A coding, and how much it is liked: 1 unless it says so, 0 where that is no number."""
    coding, _semicolon, parameter = one.partition(";")
    name, _equals, weight = parameter.partition("=")
    try:
        return coding.strip(), float(weight) if name.strip() == "q" else 1.0
    except ValueError:
        return coding.strip(), 0.0
