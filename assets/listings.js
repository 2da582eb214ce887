// Entries of the listings: choose by standing or by words, and order by what the cells carry.
(() => {
  "use strict";

  function listings(table) {
    table.dataset.ready = "";
    const body = table.tBodies[0];
    const entries = [...body.rows].map((row, order) => ({ row, order, text: row.textContent.toLowerCase() }));
    const standings = (row) => [...row.querySelectorAll(".nuem-badge")].map((badge) => badge.textContent);
    const controls = document.createElement("form");
    controls.className = "nuem-controls";
    controls.addEventListener("submit", (event) => event.preventDefault());
    const choice = document.createElement("select");
    choice.setAttribute("aria-label", "standing");
    const names = new Set(entries.flatMap((entry) => standings(entry.row)));
    for (const name of ["every standing", ...[...names].sort(), "doesn’t fit"]) choice.add(new Option(name));
    const words = Object.assign(document.createElement("input"), { type: "search", placeholder: "words in an entry" });
    words.setAttribute("aria-label", words.placeholder);
    const count = document.createElement("output");
    controls.append(choice, words, count);
    const filter = () => {
      let shown = 0;
      for (const entry of entries) {
        const chosen = !choice.selectedIndex || standings(entry.row).includes(choice.value)
          || (choice.value === "doesn’t fit" && entry.row.querySelector(".nuem-misfit"));
        entry.row.hidden = !(chosen && entry.text.includes(words.value.toLowerCase()));
        shown += !entry.row.hidden;
      }
      count.textContent = `${shown} of ${entries.length} entries`;
    };
    controls.addEventListener("input", filter);
    table.before(controls);
    filter();

    // What has no key comes last, in either direction.
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const keyed = entries.map((entry) => [entry.row.cells[column].dataset.sort, entry]);
      if (keyed.every(([key]) => key === "")) return;
      const numbers = keyed.every(([key]) => key === "" || !Number.isNaN(Number(key)));
      head.tabIndex = 0;
      const sort = () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const order = ([a, one], [b, two]) => {
          if (a === "" || b === "") return (a === "") - (b === "") || one.order - two.order;
          return (numbers ? a - b : a.localeCompare(b)) * (down ? -1 : 1) || one.order - two.order;
        };
        body.append(...keyed.sort(order).map(([, entry]) => entry.row));
      };
      head.addEventListener("click", sort);
      head.addEventListener("keydown", (event) => { if (event.key === "Enter") sort(); });
    });
  }

  document.querySelectorAll("table.nuem-listings:not([data-ready])").forEach(listings); // a page names this file once a table
})();
