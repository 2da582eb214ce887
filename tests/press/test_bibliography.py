"""Sources as author and year."""

from nuem.press import bibliography


def test_a_source_is_called_by_its_authors_and_its_year_if_it_has_one(tmp_path):
    place = tmp_path / "references.bib"
    place.write_text(
        "@misc{a, author = {Roe, J.}, year = {2001}}\n@misc{b, author = {Roe, J. and Doe, A.}}\n"
        "@misc{c, author = {Roe, J. and Doe, A. and Poe, E.}, year = {2002}}\n"
        "@misc{d, collaboration = {XENON}, year = {2003}}\n"
    )
    labels = {key: source.label for key, source in bibliography.sources(place).items()}
    assert labels == {"a": "Roe 2001", "b": "Roe & Doe", "c": "Roe et al. 2002", "d": "XENON 2003"}
