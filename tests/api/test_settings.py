"""What an operator may choose, and where the README says so."""

from pathlib import Path

from api.settings import Settings


def test_every_setting_stands_in_the_readme(root: Path) -> None:
    text = (root / "README.md").read_text("utf-8")
    for name, field in Settings.model_fields.items():
        assert f"| `LCA_{name.upper()}` |" in text
        assert field.description
