# mypy: ignore-errors
"""What the tutorials make of a table before the forest reads it."""

WEIGHT, SIZE = "Item_Weight", "Outlet_Size"
TARGET = "Item_Outlet_Sales"
SPELLINGS = {"low fat": "Low Fat", "LF": "Low Fat", "reg": "Regular"}


def prepare(table, encoders, filled):
    """Fill what is empty, mend the spellings, and put numbers in the place of categories."""
    table = table.copy()
    table[WEIGHT] = table[WEIGHT].fillna(filled[WEIGHT])
    table[SIZE] = table[SIZE].fillna(filled[SIZE])
    table["Item_Fat_Content"] = table["Item_Fat_Content"].replace(SPELLINGS)
    for name, encoder in encoders.items():
        table[name] = encoder.transform(table[name])
    return table
