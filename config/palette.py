"""The green of the learner pages in the steps that the back office asks for, dark enough under white letters."""

LECTERN_GREEN = {
    "50": "oklch(98.4% .014 180.7)", "100": "oklch(95.3% .051 180.8)", "200": "oklch(91% .096 180.4)",
    "300": "oklch(85.5% .12 181)", "400": "oklch(77.7% .12 181.9)", "500": "oklch(60% .11 183)",
    "600": "oklch(47.5% .085 178)", "700": "oklch(41% .075 180)", "800": "oklch(37% .065 182)",
    "900": "oklch(32% .055 185)", "950": "oklch(25% .045 190)",
}  # fmt: skip
