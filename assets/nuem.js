// What moves on a page: its frame, the ledger's filters and sorting, figures. Without scripts all pages read as they are.
(() => {
  "use strict";

  // Light or dark; a reader's choice is remembered, until then the page follows the system.
  function theme(button) {
    const root = document.documentElement;
    const keep = (value) => { try { localStorage.theme = value; } catch { /* no storage: the choice holds for this page */ } };
    button.addEventListener("click", () => keep(root.dataset.theme = root.dataset.theme === "dark" ? "light" : "dark"));
  }

  // On a narrow screen the book's contents open over the page.
  function contents(button) {
    const book = document.getElementById(button.getAttribute("aria-controls"));
    const set = (open) => {
      book.classList.toggle("open", open);
      button.setAttribute("aria-expanded", open);
      if (open) (book.querySelector(".current > a") || book.querySelector("a")).focus();
    };
    button.addEventListener("click", () => set(!book.classList.contains("open")));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && book.classList.contains("open")) { set(false); button.focus(); }
    });
  }

  // The page's contents show where the reader is.
  function follow(list) {
    const links = new Map([...list.querySelectorAll("a[href^='#']")].map((link) => [link.getAttribute("href").slice(1), link]));
    const heads = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    const seen = new Set();
    const watch = new IntersectionObserver((entries) => {
      for (const entry of entries) seen[entry.isIntersecting ? "add" : "delete"](entry.target.id);
      const here = heads.filter((head) => seen.has(head.id)).pop();
      for (const link of links.values()) link.removeAttribute("aria-current");
      if (!here) return;
      const link = links.get(here.id);
      link.setAttribute("aria-current", "location");
      const { top, bottom } = link.getBoundingClientRect();
      if (top < 60 || bottom > innerHeight - 20) list.scrollTop += top - innerHeight / 2;
    }, { rootMargin: "-15% 0px -80% 0px" });
    for (const head of heads) watch.observe(head);
  }

  // A button that copies a block of code comes when the reader points at it.
  function copying(event) {
    const block = event.target.closest?.(".highlight");
    if (!block || block.querySelector(".copy") || !navigator.clipboard) return;
    const button = Object.assign(document.createElement("button"), { type: "button", className: "copy", textContent: "copy" });
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.querySelector("pre").textContent.trimEnd());
      button.textContent = "copied";
    });
    block.classList.add("copyable");
    block.append(button);
  }

  // Whoever copies a text with formulas gets their TeX.
  function copyTex(event) {
    const selection = getSelection();
    if (selection.isCollapsed) return;
    const inside = selection.anchorNode.parentElement.closest("math");
    if (inside && inside.contains(selection.focusNode)) {
      event.clipboardData.setData("text/plain", `$${inside.dataset.tex}$`);
      return event.preventDefault();
    }
    const copy = selection.getRangeAt(0).cloneContents();
    const formulas = copy.querySelectorAll("math[data-tex]");
    if (!formulas.length) return;
    for (const formula of formulas) {
      const marks = formula.getAttribute("display") === "block" ? "$$" : "$";
      formula.replaceWith(marks + formula.dataset.tex + marks);
    }
    const place = Object.assign(document.createElement("div"), { style: "position:fixed;left:-100vw" });
    place.append(copy);
    document.body.append(place);
    event.clipboardData.setData("text/plain", place.innerText);
    place.remove();
    event.preventDefault();
  }

  document.querySelectorAll(".switch-theme").forEach(theme);
  document.querySelectorAll(".open-book").forEach(contents);
  document.querySelectorAll(".contents").forEach(follow);
  document.addEventListener("pointerover", copying);
  document.addEventListener("copy", copyTex);

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

  // A figure whose marks say something: boxes that hide groups of marks, and a panel with what the chosen marks say.
  // The figure may come twice, for a wide and for a narrow screen. Rows of the next table tell more, if it has as many.
  function marked(place) {
    const pictures = [...place.querySelectorAll("svg.nuem-figure")];
    const marks = pictures.map((picture) => [...picture.querySelectorAll(".nuem-tip")]);
    if (!marks[0]?.length) return;
    const panel = Object.assign(document.createElement("div"), { className: "nuem-panel" });
    panel.setAttribute("aria-live", "polite");
    pictures.at(-1).after(panel);
    const next = [...document.querySelectorAll("article table")].find((table) => panel.compareDocumentPosition(table) & 4);
    const table = next && next.tBodies[0].rows.length === marks[0].length ? next : null;
    for (const [index, mark] of marks.flatMap((own) => [...own.entries()])) {
      const title = mark.querySelector("title");
      mark.dataset.words = title.textContent;
      mark.setAttribute("aria-label", title.textContent);
      title.remove();
      mark.dataset.index = index;
      if (mark.localName === "a") mark.setAttribute("tabindex", "-1");
    }

    const seen = (mark) => mark.style.display !== "none";
    const visible = () => marks.find((own) => own[0].closest("svg").checkVisibility?.() ?? true) || marks[0];
    const stop = () => { // one mark of each figure is reached by Tab, the others by the arrow keys
      for (const own of marks) {
        for (const mark of own) mark.setAttribute("tabindex", "-1");
        own.find(seen)?.setAttribute("tabindex", "0");
      }
    };
    const told = (mark) => {
      const entry = document.createElement("div");
      if (table) {
        const cells = [...table.tBodies[0].rows[mark.dataset.index].cells];
        entry.innerHTML = `<p class="nuem-card-title">${cells[0].innerHTML}</p>`;
        const list = document.createElement("dl");
        for (const cell of cells.slice(1)) {
          const name = Object.assign(document.createElement("dt"), { textContent: cell.dataset.label });
          list.append(name, Object.assign(document.createElement("dd"), { innerHTML: cell.innerHTML }));
        }
        entry.append(list);
      } else {
        entry.append(Object.assign(document.createElement("p"), { textContent: mark.dataset.words }));
        const address = mark.getAttribute("href");
        if (address) entry.append(Object.assign(document.createElement("a"), { href: address, textContent: "where it comes from" }));
      }
      return entry;
    };
    const choose = (chosen) => {
      for (const mark of marks.flat()) mark.classList.toggle("chosen", chosen.includes(mark));
      panel.replaceChildren(...chosen.map(told));
    };

    for (const picture of pictures) {
      picture.addEventListener("click", (event) => {
        const here = document.elementsFromPoint(event.clientX, event.clientY).map((element) => element.closest(".nuem-tip"));
        const chosen = [...new Set(here.filter((mark) => mark && picture.contains(mark)))];
        if (event.clientX || event.clientY) event.preventDefault();
        if (chosen.length) choose(chosen);
      });
      picture.addEventListener("focusin", (event) => {
        const mark = event.target.closest(".nuem-tip");
        if (mark && mark.matches(":focus-visible")) choose([mark]);
      });
      picture.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        const shown = visible().filter(seen);
        const at = shown.indexOf(event.target.closest(".nuem-tip"));
        if (!step || at < 0) return;
        event.preventDefault();
        shown[(at + step + shown.length) % shown.length].focus();
      });
    }

    const groups = marks.map((own) => own.map((mark) => (mark.dataset.group || "").split("|").filter(Boolean)));
    const kinds = []; // of groups: each mark has one name of each kind
    for (const own of groups[0]) own.forEach((name, kind) => (kinds[kind] ??= new Set()).add(name));
    if (kinds.some((names) => names.size > 1)) {
      const controls = document.createElement("form");
      controls.className = "nuem-controls";
      const boxes = new Map();
      for (const names of kinds) {
        const line = Object.assign(document.createElement("div"), { className: "nuem-kind" });
        line.setAttribute("role", "group");
        line.setAttribute("aria-label", "what the figure shows");
        for (const name of names) {
          const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: !name.startsWith("~") });
          const label = document.createElement("label");
          label.append(box, ` ${name.replace("~", "")}`);
          boxes.set(name, box);
          line.append(label);
        }
        controls.append(line);
      }
      const show = () => {
        marks.forEach((own, picture) => own.forEach((mark, index) => {
          mark.style.display = groups[picture][index].every((name) => boxes.get(name).checked) ? "" : "none";
        }));
        choose([]);
        stop();
      };
      controls.addEventListener("input", show);
      pictures[0].before(controls);
      show();
    }
    stop();
  }

  new Set([...document.querySelectorAll("svg.nuem-figure .nuem-tip")].map((mark) => mark.closest("svg").parentElement)).forEach(marked);
  document.querySelectorAll("table.nuem-ledger").forEach(ledger);
  document.querySelectorAll("svg.nuem-dependencies").forEach(dependencies);
})();
