// Reading: the switch for all code, which the browser remembers; entries to cite; what an address inside a fold opens.
(() => {
  "use strict";
  const KEY = "nuem-code";
  const folds = [...document.querySelectorAll("details.nuem-code")];
  const store = { // a browser may forbid it
    get: () => { try { return localStorage.getItem(KEY); } catch { return null; } },
    set: (value) => { try { localStorage.setItem(KEY, value); } catch { /* the choice lasts for this page */ } },
  };

  for (const button of folds.length ? document.querySelectorAll(".nuem-switch") : []) {
    const show = (open) => {
      for (const fold of folds) fold.open = open;
      button.textContent = open ? "Fold the code" : "Show the code";
      button.setAttribute("aria-pressed", String(open));
    };
    let open = store.get() === "open";
    show(open);
    button.hidden = false;
    button.addEventListener("click", () => {
      open = !open;
      const before = button.getBoundingClientRect().top;
      show(open);
      scrollBy(0, button.getBoundingClientRect().top - before);
      store.set(open ? "open" : "folded");
    });
  }

  // Not every browser opens a fold that holds what the address names.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    let closed = false;
    for (let fold = target && target.closest("details"); fold; fold = fold.parentElement.closest("details")) {
      closed ||= !fold.open;
      fold.open = true;
    }
    if (closed) target.scrollIntoView();
  };
  addEventListener("hashchange", reveal);
  reveal();

  for (const fold of document.querySelectorAll("details.nuem-cite")) {
    const entry = fold.querySelector("pre");
    const summary = fold.querySelector("summary");
    const name = summary.textContent;
    fold.addEventListener("toggle", async () => {
      summary.textContent = name;
      if (!fold.open) return;
      if (location.protocol.startsWith("http") && !entry.textContent.includes("url = {")) {
        const card = fold.closest("[id]");
        const address = `${location.origin}${location.pathname}${card && card.matches(".nuem-card") ? `#${card.id}` : ""}`;
        entry.textContent = entry.textContent.replace(/}\s*$/, `  url = {${address}},\n}`);
      }
      try {
        await navigator.clipboard.writeText(entry.textContent);
        summary.textContent = `${name}: copied`;
      } catch {
        getSelection().selectAllChildren(entry);
      }
    });
  }
})();
