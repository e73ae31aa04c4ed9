"""The JSON that the program writes."""

import json


class Document:
    def __init__(self, value):
        self.title = value["title"]
        self.facts = {key: fact["value"] for key, fact in value["facts"].items()}
        self._tables = value["tables"]
        self.notes = value["notes"]

    def table_ids(self):
        return list(self._tables)

    def table(self, id):
        """The table's rows, each a dictionary by column."""
        return self._tables[id]["rows"]


def load(text):
    """The documents by the report they are of. JSON is UTF-8 and holds no control character."""
    assert all(byte >= 0x20 or byte == 0x0A for byte in text), "control characters in JSON"
    value = json.loads(text)
    assert value["schema"] == "gtengine.report" and value["schema_version"] == 1
    return {document["report"]: Document(document) for document in value["reports"]}


def load_all(text):
    """All documents, in order."""
    return [Document(document) for document in json.loads(text)["reports"]]
