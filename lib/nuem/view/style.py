"""The look of cards where the site's style sheet is not: in JupyterLab, Notebook, VS Code, Colab and nbviewer."""

from __future__ import annotations

# Each card carries it, since a front end may keep outputs apart from each other. Backgrounds stay those around.
STYLE = (
    "<style>"
    ":root{--nuem-blue:#0072b2;--nuem-vermilion:#d55e00;--nuem-green:#008060;--nuem-purple:#aa4488}"
    'body[data-jp-theme-light="false"],body.vscode-dark,html[theme=dark]'
    "{--nuem-blue:#5ab4f0;--nuem-vermilion:#ff9a57;--nuem-green:#4cc9a4;--nuem-purple:#e08ac4}"
    ".nuem-card{border:1px solid #8884;border-left:.3rem solid var(--nuem-blue);border-radius:.4rem;"
    "padding:.7rem 1rem;margin:.6rem 0}"
    ".nuem-card p{margin:0 0 .5rem}.nuem-card-title{font-weight:600}"
    ".nuem-card table,.nuem-table table{width:100%;table-layout:auto;border-collapse:collapse;margin:.3rem 0;border:0}"
    ".nuem-card tr,.nuem-table tr{background:none!important}"
    ".nuem-card th,.nuem-card td,.nuem-table th,.nuem-table td{padding:.3rem .6rem .3rem 0;text-align:left!important;"
    "vertical-align:top;white-space:normal!important;max-width:none!important;border-bottom:1px solid #8884!important}"
    ".nuem-vintages th{font-weight:400}.nuem-vintages strong,.nuem-nowrap,.nuem-n{white-space:nowrap}"
    ".nuem-table{overflow-x:auto}.nuem-card summary{cursor:pointer}"
    ".nuem-verdict dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem .8rem;margin:0 0 .5rem}"
    ".nuem-verdict dt{font-weight:400;opacity:.8;float:none;width:auto;white-space:nowrap}"
    ".nuem-verdict dd{margin:0;float:none;width:auto}"
    ".nuem-slider{display:grid;grid-template-columns:minmax(9rem,14rem) 1fr 9rem;gap:.8rem;align-items:center}"
    ".nuem-slider input{width:100%;accent-color:var(--nuem-blue)}.nuem-live button{float:right}"
    ".nuem-verdict:has(.nuem-good){border-left-color:var(--nuem-green)}"
    ".nuem-verdict:has(.nuem-fair){border-left-color:var(--nuem-purple)}"
    ".nuem-verdict:has(.nuem-bad),.nuem-own{border-left-color:var(--nuem-vermilion)}"
    ".nuem-badge{display:inline-block;border:1px solid currentColor;border-radius:1rem;padding:0 .6rem;font-size:.85em}"
    ".nuem-good{color:var(--nuem-green)}.nuem-fair{color:var(--nuem-purple)}"
    ".nuem-bad,.nuem-mark{color:var(--nuem-vermilion)}"
    "</style>"
)
