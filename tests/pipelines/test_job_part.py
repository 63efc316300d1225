from __future__ import annotations

import pytest

from soundgan.errors import UsageError
from soundgan.pipelines.job_part import places_of


@pytest.mark.parametrize(("count", "parts"), [(10, 3), (7, 7), (2, 5), (100_000, 16), (1, 1)])
def test_the_parts_are_the_whole_in_order(count: int, parts: int) -> None:
    each = [places_of(f"{number}/{parts}", count) for number in range(1, parts + 1)]
    assert [place for part in each for place in part] == list(range(count))
    assert max(map(len, each)) - min(map(len, each)) <= 1


def test_the_third_of_four_parts_of_ten_is_two_long() -> None:
    assert list(places_of("2/4", 10)) == [2, 3, 4]
    assert list(places_of("3/4", 10)) == [5, 6]


@pytest.mark.parametrize(
    "part", ["", "3", "0/4", "5/4", "-1/4", "1/0", "1/-2", "1 / 2", "1/2/3", "½", "٣/٤", "1e0/2",
             "1/2\n", "1/99999999999999999999", "0x1/2", "+1/2"]
)  # fmt: skip
def test_what_is_no_part_is_refused_with_an_example(part: str) -> None:
    with pytest.raises(UsageError, match="no part; 3/16 is the third of sixteen"):
        places_of(part, 10)
