// Ranks the sections of the book for a query. `globalThis.nuemSections` holds them: page, its name, anchor, heading, text.
globalThis.nuemSearch = (() => {
  "use strict";
  const GREEK = Object.fromEntries(("alpha α beta β gamma γ delta δ epsilon ε eps ε eta η theta θ lambda λ mu μ nu ν rho ρ "
    + "sigma σ tau τ phi φ chi χ omega ω").match(/\S+ \S+/g).map((pair) => pair.split(" ")));
  const SAME = { bound: "limit", upper: "limit", strongest: "best", stronger: "best", milicharge: "millicharge" };

  // One form for 10^-12 and 10⁻¹², for μ_ν, mu_nu and an index, for the numbers of equations; no plurals.
  function words(text) {
    let plain = text.normalize("NFKC").toLowerCase().replace(/[−–]/g, "-");
    plain = plain.replace(/\b([a-z]+)(?=_)/g, (name) => GREEK[name] || name);
    plain = plain.replace(/_([a-z]+)\b/g, (all, name) => `_${GREEK[name] || name}`);
    plain = plain.replace(/\beqs?\.?\s*((?:\(\d+\)[\s,-]*(?:and|to)?\s*)+)/g, (all, list) => ` ${list.replace(/\((\d+)\)/g, "eq$1 ")}`);
    plain = plain.replace(/\b1e(?=-?\d)/g, "10").replace(/[\^_{}\\$]/g, "");
    const found = plain.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*(?:-\d+)?/gu) || [];
    return found.map((word) => (/^[a-z]{3,}[^us]s$/.test(word) ? word.slice(0, -1) : word))
      .map((word) => SAME[word] || word);
  }

  const counted = (list) => list.reduce((map, word) => map.set(word, (map.get(word) || 0) + 1), new Map());

  // Where a query's word stands counts: in the heading, in the name of the page, in the text.
  const WEIGHTS = { heading: 6, page: 2, text: 1 };
  let index = null;

  function prepare(sections) {
    const entries = sections.map((section) => {
      const heading = words(section.h), page = words(section.n), text = words(section.t);
      return { section, heading, fields: { heading: counted(heading), page: counted(page), text: counted(text) }, length: text.length };
    });
    const seen = new Map();
    for (const { fields } of entries) {
      for (const word of new Set([...fields.heading.keys(), ...fields.text.keys()])) seen.set(word, (seen.get(word) || 0) + 1);
    }
    const mean = entries.reduce((sum, entry) => sum + entry.length, 0) / Math.max(entries.length, 1);
    return { sections, entries, seen, mean };
  }

  // BM25 over the three fields; entries that hold all words of the query come first, and headings that are the query.
  function rank(query, sections) {
    if (!index || index.sections !== sections) index = prepare(sections);
    const wanted = [...new Set(words(query))];
    if (!wanted.length) return [];
    const known = [...index.seen.keys()];
    const alternatives = wanted.map((word) => (index.seen.has(word) || word.length < 4 ? [word]
      : known.filter((other) => other.startsWith(word))));
    const found = [];
    for (const entry of index.entries) {
      let score = 0, held = 0;
      for (const words_ of alternatives) {
        let best = 0;
        for (const word of words_) {
          const rare = Math.log(1 + index.entries.length / ((index.seen.get(word) || 0) + 0.5));
          let times = 0;
          for (const [field, weight] of Object.entries(WEIGHTS)) {
            const count = entry.fields[field].get(word) || 0;
            const long = field === "text" ? 0.4 + (0.6 * entry.length) / index.mean : 1;
            times += (weight * count) / (count + 1.2 * long);
          }
          best = Math.max(best, rare * times);
        }
        score += best;
        held += best > 0;
      }
      if (!held) continue;
      const share = held / wanted.length;
      const inHeading = wanted.filter((word) => entry.fields.heading.has(word)).length;
      const exact = inHeading / Math.max(new Set(entry.heading).size, wanted.length);
      // Who doesn't ask for an equation is better served by a section than by a verdict.
      const rank = entry.section.a.startsWith("claim-") && !wanted.some((word) => /^eq\d/.test(word)) ? 0.6 : 1;
      const head = entry.section.h === entry.section.n && held === wanted.length ? 1.5 : 1; // a whole chapter on it
      found.push({ section: entry.section, score: score * share ** 3 * (1 + exact) * rank * head });
    }
    return found.sort((a, b) => b.score - a.score).map(({ section }) => section);
  }

  return { rank, words };
})();

if (typeof document !== "undefined") {
  (() => {
    "use strict";
    const form = document.querySelector("form.nuem-search");
    if (!form) return;
    const field = form.elements.q, list = document.querySelector(".nuem-results"), count = document.querySelector(".nuem-search-count");
    const MOST = 30;

    const set = (element, text, wanted) => { // text with its indices, and the words of the query marked
      for (const piece of text.split(/(\s+)/)) {
        const hit = globalThis.nuemSearch.words(piece).some((word) => wanted.has(word));
        const target = hit ? element.appendChild(document.createElement("mark")) : element;
        piece.split(/(?<=[\p{L}⟩]\u0304?)_([\p{L}\p{N}]{1,6})/u).forEach((part, k) => {
          if (k % 2) target.appendChild(document.createElement("sub")).textContent = part;
          else target.append(part);
        });
      }
    };

    const excerpt = (text, wanted) => {
      const pieces = text.split(/(?<=[.?!:;])\s+/);
      const hit = pieces.findIndex((piece) => globalThis.nuemSearch.words(piece).some((word) => wanted.has(word)));
      const words = pieces.slice(Math.max(hit, 0)).join(" ");
      return words.length > 240 ? `${words.slice(0, 240).replace(/\s\S*$/, "")} …` : words;
    };

    // The sections are all words of the book: they come when somebody is about to ask.
    let coming = null;
    const sections = () => coming ||= new Promise((come) => {
      document.head.append(Object.assign(document.createElement("script"), { src: form.dataset.sections, onload: come }));
    });

    async function show() {
      if (field.value.trim()) await sections();
      const query = field.value.trim();
      const wanted = new Set(globalThis.nuemSearch.words(query));
      const found = query ? globalThis.nuemSearch.rank(query, globalThis.nuemSections) : [];
      list.replaceChildren(...found.slice(0, MOST).map((section) => {
        const item = document.createElement("li"), link = document.createElement("a");
        link.href = `${section.p}.html#${section.a}`;
        set(link, section.h || section.n, wanted);
        item.append(link);
        if (section.h !== section.n) {
          const page = item.appendChild(document.createElement("small"));
          set(page, section.n, new Set());
        }
        set(item.appendChild(document.createElement("p")), excerpt(section.t, wanted), wanted);
        return item;
      }));
      const many = found.length > MOST ? `the best ${MOST} of ${found.length} places` : `${found.length} places`;
      count.textContent = query ? (found.length ? `${many} for “${query}”` : `Nothing found for “${query}”.`) : "What are you looking for?";
    }

    field.value = new URLSearchParams(location.search).get("q") || "";
    field.addEventListener("input", () => {
      history.replaceState(null, "", field.value ? `${location.pathname}?q=${encodeURIComponent(field.value)}` : location.pathname);
      show();
    });
    field.addEventListener("focus", sections);
    form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
    show();
  })();
}
