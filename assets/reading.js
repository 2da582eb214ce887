// Reading: a switch for each layer of a chapter, which the browser remembers; entries to cite; what an address inside a fold opens.
(() => {
  "use strict";
  const store = { // a browser may forbid it
    get: (key) => { try { return localStorage.getItem(key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem(key, value); } catch { /* the choice lasts for this page */ } },
  };

  // Each layer of a chapter has a switch, named after the class of its folds.
  for (const button of document.querySelectorAll(".nuem-switch")) {
    const layer = button.dataset.layer;
    const folds = document.querySelectorAll(`details.${layer}`);
    if (!folds.length) continue;
    const words = button.textContent.replace("Show ", "");
    const show = (open) => {
      for (const fold of folds) fold.open = open;
      button.textContent = `${open ? "Fold" : "Show"} ${words}`;
      button.setAttribute("aria-pressed", String(open));
    };
    let open = store.get(layer) === "open";
    show(open);
    button.hidden = false;
    button.addEventListener("click", () => {
      open = !open;
      const before = button.getBoundingClientRect().top;
      show(open);
      scrollBy(0, button.getBoundingClientRect().top - before);
      store.set(layer, open ? "open" : "folded");
    });
  }

  // On paper what judges the papers stands at the end, each part under the name of the section that it came from.
  let moved = [];
  addEventListener("beforeprint", () => {
    const folds = [...document.querySelectorAll("details.nuem-papers")];
    if (!folds.length || moved.length) return;
    const end = Object.assign(document.createElement("section"), { className: "nuem-papers-end" });
    end.append(Object.assign(document.createElement("h2"), { textContent: "What judges the papers" }));
    let last = "";
    moved = folds.map((fold) => {
      const [place, was] = [document.createComment("papers"), fold.open];
      const name = fold.closest("section")?.querySelector("h1, h2, h3, h4")?.firstChild?.textContent ?? "";
      if (name !== last) end.append(Object.assign(document.createElement("h3"), { textContent: last = name }));
      fold.replaceWith(place);
      fold.open = true;
      end.append(fold);
      return { fold, place, was };
    });
    document.querySelector("article").append(end);
  });
  addEventListener("afterprint", () => {
    for (const { fold, place, was } of moved) {
      place.replaceWith(fold);
      fold.open = was;
    }
    document.querySelector(".nuem-papers-end")?.remove();
    moved = [];
  });

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
