"""Records that pandas has written as one JSON object: by columns, or by the numbers of rows."""

import re

# How such an object begins: it holds objects, which no record does.
OBJECT_OF_OBJECTS = re.compile(r'\{\s*"[^"]*"\s*:\s*\{')


def records_of_object(columns: dict[str, object]) -> list[dict[str, object]] | None:
    """Turn what pandas writes as one object into records.

    Args:
        columns: Columns by name, each with its values by row number; or records by row number.

    Returns:
        The records; None where the object is neither.
    """
    objects = [value for value in columns.values() if isinstance(value, dict)]
    if len(objects) < len(columns):
        return None
    if "id" not in columns:
        return objects if all("id" in record for record in objects) else None

    records: dict[str, dict[str, object]] = {}
    for name, column in zip(columns, objects, strict=True):
        for row, value in column.items():
            records.setdefault(row, {})[name] = value
    return list(records.values())
