"""Published tables of codings, and one more that reference packages were run on; a dot is a gap."""

from analysis.agreement import Ratings


def table(*coders: str, weights: dict[str, float] | None = None) -> Ratings:
    """One string a coder, one character a unit."""
    codings = [(f"u{unit}", f"c{coder}", value) for coder, values in enumerate(coders) for unit, value in enumerate(values) if value != "."]
    return Ratings.of(codings, weights=weights)


def crossed(counts: list[list[int]]) -> Ratings:
    """Two coders from their cross-table: counts[row][column] units got value row from the first, value column from the second."""
    first = "".join(str(row) * n for row, line in enumerate(counts) for n in line)
    second = "".join(str(column) * n for line in counts for column, n in enumerate(line))
    return table(first, second)


# K. Krippendorff (2011), Computing Krippendorff's Alpha-Reliability: A two coders, two values; B two coders, five; C four coders with gaps.
KRIPPENDORFF_A = ("0100000010", "1110010000")
KRIPPENDORFF_B = ("aabbdcccedda", "babbbccceddd")
KRIPPENDORFF_C = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
# The example of three coders and fifteen units in "Krippendorff's alpha", Wikipedia, after Krippendorff.
KRIPPENDORFF_THREE = (".....34121133.3", "1.213343.......", "..21344.21133.4")
# K. L. Gwet (2014), Handbook of Inter-Rater Reliability: 12 units, four raters; raw_4raters in irrCAC. AC1 is published there as .775.
GWET = ("123321412...", "1233224125..", ".33323422513", "12332441251.")
# J. L. Fleiss (1971), Psychological Bulletin 76, 378-382: 30 patients, six psychiatrists each; diagnoses in the R package irr. One string a patient.
FLEISS_PATIENTS = (
    *("444444", "222555", "233335", "555555", "222444", "113333", "333355", "113334", "114444", "555555", "144444", "124444", "222333", "144444"),
    *("224445", "333335", "111455", "111112", "224444", "133555", "555555", "244444", "224555", "114444", "144445", "222224", "111155", "224444"),
    *("133333", "555555"),
)
FLEISS = tuple(map("".join, zip(*FLEISS_PATIENTS, strict=True)))
# Thirty units, four coders, gaps: made for comparison with reference packages.
MADE = ("5545245.122551.5141.5224425323", "52453552121.515512134422.133.5", "54.53452.225523.121352224.5333", "54433.54322551351513532.424334")
