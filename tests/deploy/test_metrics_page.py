"""docs/metrics.md lists every metric there is, in the words of the code."""

import re
from typing import Final

from alerts import metrics
from deployment import ROOT

PAGE: Final = (ROOT / "docs" / "metrics.md").read_text()
ROW: Final = re.compile(r"^\| `.*$", re.MULTILINE)


def test_the_page_lists_every_metric_in_the_words_of_the_code() -> None:
    expected = [f"| `{one.name}` | {one.kind} | {one.meaning} |" for one in metrics()]
    assert ROW.findall(PAGE) == expected
