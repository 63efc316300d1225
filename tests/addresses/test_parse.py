"""What is no address is refused, and the message says where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soundgan.addresses.parse import MOST_CHARACTERS, parse_address
from soundgan.errors import UsageError


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "at character 1 a seed was expected"),
        ("kick", "at character 1 a seed was expected"),
        ("-1", "at character 1 a seed was expected"),
        ("4.2", "at character 2 a colon"),
        ("1e3", "at character 2 a colon"),
        (" 42", "at character 1 a seed"),
        ("42 ", "at character 3 a colon"),
        ("٤٢", "at character 1 a seed"),
        ("9223372036854775808", "a seed ends that is not from 0 to 9223372036854775807"),
        ("42:kick:", "at character 9 a class was expected"),
        ("42:kick:kick", "the class 'kick' stands for the second time"),
        ("42:kick=0", "all shares are 0"),
        ("42:kick=x", "at character 9 a share was expected"),
        ("42:a%2", "at character 5 a colon"),
        ("42:%ff", "a class ends that is no UTF-8"),
        ("42~vary5", "at character 3 a colon"),
        ("42~vary0@0.3", "a variation's number ends that is not from 1"),
        ("42~vary5@1.1", "a strength ends that is above 1"),
        ("42~vary5@.3", "a strength was expected"),
        ("42~code0123@1", "at character 3 a colon"),
        ("42~code0123456789abcdef", "at character 3 a colon"),
        ("42~code0123456789abcdef@x", "an amount was expected"),
        ("42~code0123456789abcdef@--1", "an amount was expected"),
        ("42~code0123456789abcdef@-10.1", "an amount ends that is above 10"),
        ("42~take0", "a take's number ends that is not from 1"),
        ("42~take2~vary5@0.3", "at character 9 a colon"),
        ("42~take2~take3", "at character 9 a colon"),
        ("42~trunc2.5", "a truncation ends that is above 2"),
        ("42~truncnan", "at character 3 a colon"),
        ("42@0.5", "a weight stands at a sound that is not part of a morph"),
        ("42+", "at character 4 a seed was expected"),
        ("42@0+43@0", "all weights are 0"),
        ("{42}", "a morph was expected inside the braces"),
        ("{42+43", "at character 7 a closing brace was expected"),
        ("42+43}", "at character 6 a colon"),
        ("code0123", "at character 1 a seed was expected"),
        ("codeABCDEF0123456789", "at character 1 a seed was expected"),
        ("{" * 9 + "1+2" + "+3}" * 9, "is a morph inside 8 others"),
        ("+".join(["1"] * 65), "is more than the 64 parts of one morph"),
        ("4" * (MOST_CHARACTERS + 1), "longer than 4000"),
    ],
)
def test_what_is_no_address_is_refused_where_it_stops_making_sense(text: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_address(text)
    assert why in str(caught.value)
    assert len(str(caught.value)) < 400


@given(st.text(st.sampled_from("0123456789:=@+~{}%.varytkeuncod \nkick")))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    try:
        found = parse_address(text)
    except UsageError as error:
        complaint = str(error)
    else:
        complaint = ""
        assert parse_address(str(found)) == found
    assert "\n" not in complaint
