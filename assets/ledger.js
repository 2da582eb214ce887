// The ledger: choose and order its rows; the choice stands in the address, so that Back and a link bring it again.
(() => {
  "use strict";
  const list = document.querySelector("ol.nuem-ledger");
  if (!list) return;

  // One form for 10^-14, 10⁻¹⁴, 10^{-14} and 1e-14, for μ_ν and what is set as μ with an index.
  const plain = (text) => text.normalize("NFKC").toLowerCase().replace(/\b1e(?=[-−]?\d)/g, "10")
    .replace(/[−–]/g, "-").replace(/[\\^_{}()$⁡⁢\s]+/g, "");

  const rows = [...list.children].map((row, order) => ({
    row, order, text: plain(row.textContent), paper: row.dataset.paper, verdict: row.dataset.verdict,
    severity: row.dataset.severity, off: row.dataset.off === "" ? -1 : Number(row.dataset.off),
  }));
  const labels = new Map(rows.map(({ row, paper }) => [paper, row.querySelector(".nuem-source").textContent]));
  const kinds = [...new Set(rows.map((entry) => entry.verdict))];
  const severities = ["substantive", "minor", "editorial"];
  const wrong = new Set(rows.filter((entry) => entry.severity).map((entry) => entry.verdict));
  const verdicts = kinds.flatMap((kind) => wrong.has(kind)
    ? [[kind, `all ${kind}`], ...severities.map((name) => [`${kind}-${name}`, `${kind} (${name})`])] : [[kind, kind]]);
  const orders = {
    "": ["as the papers print them", (a, b) => a.order - b.order],
    off: ["farthest off first", (a, b) => b.off - a.off || a.order - b.order],
    near: ["nearest first", (a, b) => (a.off < 0) - (b.off < 0) || a.off - b.off || a.order - b.order],
  };

  const controls = document.createElement("form");
  controls.className = "nuem-controls";
  controls.setAttribute("role", "search");
  controls.setAttribute("aria-label", "Choose claims");
  const field = (name, label, element) => {
    const wrapped = document.createElement("label");
    wrapped.append(label, element);
    element.name = name;
    controls.append(wrapped);
    return element;
  };
  const choice = (name, label, options) => {
    const select = document.createElement("select");
    for (const [value, words] of options) select.add(new Option(words, value));
    return field(name, label, select);
  };
  const fields = {
    paper: choice("paper", "Paper", [["", "all papers"], ...labels]),
    verdict: choice("verdict", "Verdict", [["", "all verdicts"], ...verdicts]),
    order: choice("order", "Order", Object.entries(orders).map(([key, [words]]) => [key, words])),
    words: field("words", "Words", Object.assign(document.createElement("input"), { type: "search", placeholder: "a name, 10^-14, …" })),
  };
  const count = document.createElement("output");
  count.setAttribute("aria-live", "polite");
  controls.append(count);
  list.before(controls);

  let order = ""; // in which the rows stand
  function show() {
    const wanted = plain(fields.words.value);
    const [kind, severity] = fields.verdict.value.split(/-(?=substantive|minor|editorial)/);
    let shown = 0;
    for (const entry of rows) {
      const keep = (!fields.paper.value || entry.paper === fields.paper.value) && (!kind || entry.verdict === kind)
        && (!severity || entry.severity === severity) && entry.text.includes(wanted);
      entry.row.hidden = !keep;
      shown += keep;
    }
    if (fields.order.value !== order) {
      order = fields.order.value;
      list.append(...[...rows].sort(orders[order][1]).map((entry) => entry.row));
    }
    count.textContent = `${shown} of ${rows.length} claims`;
  }

  function restore() {
    const chosen = new URLSearchParams(location.search);
    for (const [name, element] of Object.entries(fields)) {
      element.value = chosen.get(name) || "";
      if (element.selectedIndex === -1) element.value = "";
    }
    show();
  }

  function remember(step) {
    const chosen = new URLSearchParams();
    for (const [name, element] of Object.entries(fields)) if (element.value) chosen.set(name, element.value);
    const query = chosen.toString();
    history[step](null, "", `${location.pathname}${query && `?${query}`}${location.hash}`);
    show();
  }

  controls.addEventListener("submit", (event) => event.preventDefault());
  controls.addEventListener("input", (event) => remember(event.target === fields.words ? "replaceState" : "pushState"));
  addEventListener("popstate", restore);
  restore();
  // The rows that were hidden or moved have changed where the address leads.
  if (location.hash.length > 1) document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
})();
