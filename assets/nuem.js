// The ledger's filters and sorting, and the lines of the dependency picture. Without scripts both pages read as they are.
(() => {
  "use strict";

  function ledger(table) {
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row, order) => ({
      row, order, text: row.textContent.toLowerCase(), paper: row.cells[0].textContent,
      verdict: row.cells[6].querySelector(".nuem-badge").textContent,
    }));
    const controls = document.createElement("form");
    controls.className = "nuem-controls";
    controls.addEventListener("submit", (event) => event.preventDefault());
    const choice = (label, values) => {
      const select = document.createElement("select");
      select.setAttribute("aria-label", label);
      for (const value of [label, ...values]) select.add(new Option(value));
      controls.append(select);
      return select;
    };
    const paper = choice("all papers", new Set(rows.map((entry) => entry.paper)));
    const verdict = choice("all verdicts", [...new Set(rows.map((entry) => entry.verdict))].sort());
    const words = document.createElement("input");
    words.type = "search";
    words.placeholder = "words in a claim";
    words.setAttribute("aria-label", words.placeholder);
    const count = document.createElement("output");
    controls.append(words, count);
    const filter = () => {
      let shown = 0;
      for (const entry of rows) {
        const keep = (!paper.selectedIndex || entry.paper === paper.value)
          && (!verdict.selectedIndex || entry.verdict === verdict.value)
          && entry.text.includes(words.value.toLowerCase());
        entry.row.hidden = !keep;
        shown += keep;
      }
      count.textContent = `${shown} of ${rows.length} claims`;
    };
    controls.addEventListener("input", filter);
    table.before(controls);
    filter();

    // A ratio sorts by its distance from one, anything else as text.
    const key = (entry, column) => {
      const text = entry.row.cells[column].textContent.trim();
      if (column !== 5) return text.toLowerCase();
      const plain = text.replace("−", "-").match(/^(-?[\d.]+)(?: × 10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))?/);
      if (!plain) return -1;
      const exponent = (plain[2] || "⁰").replace(/./g, (sign) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign) ? String("⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(sign)) : "-");
      const ratio = Number(`${plain[1]}e${exponent}`);
      return ratio > 0 ? Math.abs(Math.log(ratio)) : Infinity;
    };
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      head.tabIndex = 0;
      const sort = () => {
        const down = head.getAttribute("aria-sort") === (column === 5 ? null : "ascending");
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const keyed = rows.map((entry) => [key(entry, column), entry]);
        keyed.sort(([a, one], [b, two]) => (a < b ? -1 : a > b ? 1 : one.order - two.order) * (down ? -1 : 1));
        body.append(...keyed.map(([, entry]) => entry.row));
      };
      head.addEventListener("click", sort);
      head.addEventListener("keydown", (event) => { if (event.key === "Enter") sort(); });
    });
  }

  function dependencies(picture) {
    const lines = [...picture.querySelectorAll("path")];
    const names = [...picture.querySelectorAll("a")];
    const near = (start, from, to) => {
      const found = new Set([start]);
      for (let before = 0; before !== found.size;) {
        before = found.size;
        for (const line of lines) if (found.has(line.dataset[from])) found.add(line.dataset[to]);
      }
      return found;
    };
    const choose = (name) => {
      picture.classList.toggle("chosen", Boolean(name));
      const ahead = name ? near(name, "from", "to") : new Set();
      const behind = name ? near(name, "to", "from") : new Set();
      for (const line of lines) {
        const { from, to } = line.dataset;
        line.classList.toggle("on", (ahead.has(from) && ahead.has(to)) || (behind.has(from) && behind.has(to)));
      }
      for (const link of names) link.classList.toggle("on", ahead.has(link.dataset.name) || behind.has(link.dataset.name));
    };
    for (const link of names) {
      link.addEventListener("mouseenter", () => choose(link.dataset.name));
      link.addEventListener("focus", () => choose(link.dataset.name));
      link.addEventListener("mouseleave", () => choose(""));
      link.addEventListener("blur", () => choose(""));
    }
  }

  // Tick boxes for the groups of a figure; an element of several groups, joined by "|", shows if all of them are ticked.
  function groups(picture) {
    const elements = [...picture.querySelectorAll("[data-group]")].map((element) => [element, element.dataset.group.split("|")]);
    const names = new Set(elements.flatMap(([, own]) => own));
    if (names.size < 2) return;
    const controls = document.createElement("form");
    controls.className = "nuem-controls";
    const boxes = new Map();
    const show = () => {
      for (const [element, own] of elements) element.style.display = own.every((name) => boxes.get(name).checked) ? "" : "none";
    };
    for (const name of names) {
      const label = document.createElement("label");
      const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: true });
      boxes.set(name, box);
      label.append(box, ` ${name}`);
      controls.append(label);
    }
    controls.addEventListener("input", show);
    picture.before(controls);
  }

  document.querySelectorAll("svg.nuem-figure:has([data-group])").forEach(groups);
  document.querySelectorAll("table.nuem-ledger").forEach(ledger);
  document.querySelectorAll("svg.nuem-dependencies").forEach(dependencies);
})();
