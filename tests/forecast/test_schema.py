"""What `aceq forecast --format json` prints keeps the schema that `aceq schema --format forecast` publishes."""

import json

import jsonschema
from program import aceq


def test_the_json_keeps_its_schema():
    """On the sample: every row of the forecast and of its drivers."""
    schema = json.loads(aceq("schema", "--format", "forecast"))
    jsonschema.Draft202012Validator.check_schema(schema)
    printed = json.loads(aceq("forecast", "data/sample", "--as-of", "2026-11-20", "--quarters", 4, "--format", "json"))
    assert len(printed["forecast"]) > 1000
    assert printed["drivers"]
    jsonschema.validate(printed, schema)
