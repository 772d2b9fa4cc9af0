"""Which tables a requirement asks for, read off its rule file."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


def answers(rule: dict) -> frozenset[str]:
    """The tables that decide what the self-assessment says."""
    return frozenset({"attestations", *(["case_studies"] if rule.get("per") == "case_study" else [])})


@dataclass(frozen=True, eq=False)
class Rules:
    """The requirements and conditions of a rule file, by id."""

    requirements: dict[str, dict]
    conditions: dict[str, dict]

    @classmethod
    def read(cls, path: Path) -> "Rules":
        """The rules of a file."""
        file = tomllib.loads(path.read_text())
        requirements = {rule["id"]: rule for rule in file["requirement"]}
        return cls(requirements, {condition["id"]: condition for condition in file.get("condition", [])})

    def tables_of(self, requirement: str) -> frozenset[str]:
        """The tables that the requirement, its parts, its base and its conditions ask for."""
        if requirement == "*":
            return frozenset().union(*map(self.tables_of, self.requirements))
        rule = self.requirements[requirement]
        own = {rule["table"]} if "table" in rule else set()
        attested = answers(rule) if rule["kind"] == "attested" else frozenset()
        others = [*rule.get("of", []), *([rule["base"]] if "base" in rule else [])]
        conditions = [*rule.get("applies_when", []), *rule.get("waived_when", [])]
        named = {self.conditions[condition]["table"] for condition in conditions}
        return frozenset(own | attested | named).union(*map(self.tables_of, others))
