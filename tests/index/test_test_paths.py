"""Tests are known by where they lie and how they are named."""

import pytest

from codearch.index.test_paths import is_test_path


@pytest.mark.parametrize(
    "path",
    [
        "src/Shop.Tests/Data/Prices.cs",
        "src/Shop.Test/Prices.cs",
        "Shop.UnitTests/Prices.cs",
        "shop-tests/prices.ts",
        "tests/helpers.py",
        "shop/prices_test.go",
        "src/PricesTest.java",
    ],
)
def test_where_tests_lie(path: str) -> None:
    assert is_test_path(path)


@pytest.mark.parametrize(
    "path", ["src/Shop.Latest/Prices.cs", "contest/a.py", "src/Shop/Tested.cs"]
)
def test_what_is_only_named_like_it(path: str) -> None:
    assert not is_test_path(path)
