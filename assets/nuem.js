// What moves on a page: its frame, figures. Without scripts all pages read as they are.
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

  // A wide formula is a stop of the keyboard only where it scrolls.
  const near = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      const box = target.parentElement;
      if (isIntersecting) target.setAttribute("tabindex", box.scrollWidth > box.clientWidth ? "0" : "-1");
    }
  }, { rootMargin: "50%" });
  document.querySelectorAll("math[tabindex]").forEach((formula) => near.observe(formula));

  document.querySelectorAll(".switch-theme").forEach(theme);
  document.querySelectorAll(".open-book").forEach(contents);
  document.querySelectorAll(".contents").forEach(follow);
  document.addEventListener("pointerover", copying);
  document.addEventListener("copy", copyTex);

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
      const leads = mark.localName === "a"; // its address has the name that SVG once gave it
      mark.setAttribute("role", leads ? "link" : "img");
      if (leads) mark.setAttribute("tabindex", "-1");
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
})();
