"""The version matrix of onnxruntime's packages."""

import pytest

from counterprompt.tagging.onnx_packages import ONNX_PACKAGES, PACKAGE_NAMES, parse_version


def test_requirements_read_as_pip_reads_them():
    """Every range renders as a requirement that the packaging library accepts and understands alike."""
    requirements = pytest.importorskip("packaging.requirements")

    for row in ONNX_PACKAGES:
        requirement = requirements.Requirement(row.requirement)
        assert row.name == requirement.name
        for version in ("1.16.3", "1.17.0", "1.18.1", "1.20.0", "1.23.2", "1.24.0", "1.26.5", "1.27.0", "1.31.1"):
            assert row.has_version(parse_version(version)) == requirement.specifier.contains(version)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1.23.2", (1, 23, 2)), ("1.23.2+rocm7.14", (1, 23, 2)), ("1.20.0rc1", (1, 20)), ("", ()), ("dev", ())],
)
def test_versions_are_their_leading_numbers(text, expected):
    """Local and pre-release marks are cut off."""
    assert expected == parse_version(text)


def test_every_provider_is_named():
    """The matrix knows a package for each system that the product runs on."""
    assert {
        "onnxruntime",
        "onnxruntime-gpu",
        "onnxruntime-directml",
        "onnxruntime-migraphx",
        "onnxruntime-rocm",
        "onnxruntime-openvino",
    } == set(PACKAGE_NAMES)
