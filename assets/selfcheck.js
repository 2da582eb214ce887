// The self-check of the exercises: judges an answer as nuem.view.selfcheck does, by hashes; no answer stands in the page.
(() => {
  "use strict";

  // SHA-256 (FIPS 180-4) of a text, as hexadecimal digits. The browser's own isn't there on every address.
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
  const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) | 0;
  const start = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));
  const rounds = primes.map((p) => fraction(Math.cbrt(p)));
  const turn = (x, n) => (x >>> n) | (x << (32 - n));

  function bytes(text) {
    const found = [];
    encodeURIComponent(text).replace(/%([0-9A-F]{2})|[^]/g, (one, hex) => found.push(hex ? parseInt(hex, 16) : one.charCodeAt(0)));
    return found;
  }

  function digest(text) {
    const message = bytes(text), length = message.length * 8, state = start.slice();
    message.push(0x80);
    while (message.length % 64 !== 56) message.push(0);
    for (let shift = 56; shift >= 0; shift -= 8) message.push(Math.floor(length / 2 ** shift) & 255);
    for (let block = 0; block < message.length; block += 64) {
      const w = [];
      for (let t = 0; t < 64; t++) {
        if (t < 16) {
          const at = block + 4 * t;
          w[t] = (message[at] << 24) | (message[at + 1] << 16) | (message[at + 2] << 8) | message[at + 3];
        } else {
          const low = turn(w[t - 15], 7) ^ turn(w[t - 15], 18) ^ (w[t - 15] >>> 3);
          const high = turn(w[t - 2], 17) ^ turn(w[t - 2], 19) ^ (w[t - 2] >>> 10);
          w[t] = (w[t - 16] + low + w[t - 7] + high) | 0;
        }
      }
      let [a, b, c, d, e, f, g, h] = state;
      for (let t = 0; t < 64; t++) {
        const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + rounds[t] + w[t]) | 0;
        const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
        [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
      }
      [a, b, c, d, e, f, g, h].forEach((x, k) => { state[k] = (state[k] + x) | 0; });
    }
    return state.flatMap((x) => [24, 16, 8, 0].map((shift) => (x >>> shift) & 255));
  }
  const hash = (...words) => digest(words.join("|")).map((x) => x.toString(16).padStart(2, "0")).join("");

  // What is said of a mistake is covered by a key that only who makes it has.
  function uncovered(hex, salt, steps) {
    let encoded = "", key = [];
    for (let k = 0; 2 * k < hex.length; k++) {
      if (k % 32 === 0) key = digest(`${salt}|${steps}|${k / 32}`);
      encoded += `%${(parseInt(hex.substr(2 * k, 2), 16) ^ key[k % 32]).toString(16).padStart(2, "0")}`;
    }
    return decodeURIComponent(encoded);
  }

  const widthOf = (seal) => 2 * Math.log1p(seal.within);

  function stepsOf(values, phases, width) {
    return values.map((x, k) => (x < 0 ? "-" : "+") + Math.floor(Math.log(Math.abs(x)) / width - phases[k])).join(",");
  }

  function slips(seal, of) {
    const width = widthOf(seal), found = [];
    if (seal.unit !== "1") {
      const own = unitOf(seal.unit);
      for (const name of Object.keys(nuemKnown.units)) {
        const other = unitOf(name), size = other.size / own.size, power = Math.log10(size);
        if (other.measures !== own.measures || Math.abs(power - Math.round(power)) < 1e-6) continue;
        found.push([`another unit (${name})`, of.map((x) => x * size)]);
      }
    }
    for (const [words, factor] of seal.sides ? [...nuemKnown.factors, ...nuemKnown.sides] : nuemKnown.factors) {
      if (Math.log(factor) > width) found.push([words, of.map((x) => x * factor)], [words, of.map((x) => x / factor)]);
    }
    found.push(["another sign", of.map((x) => -x)]);
    for (const [words, power] of [["an inverse", -1], ["a square or a root", 2], ["a square or a root", 0.5]]) {
      found.push([words, of.map((x) => (x ? Math.sign(x) * Math.abs(x) ** power : 0))]);
    }
    if (Math.log(10) > width) {
      for (let power = 1; power <= 40; power++) {
        for (const sign of [1, -1]) found.push(["a power of ten (look at the units)", of.map((x) => x * 10 ** (sign * power))]);
      }
    }
    return found;
  }

  const said = (verdict, words) => ({ verdict, words });

  function judgedNumbers(seal, values) {
    const width = widthOf(seal);
    const fits = (found, phases, expected) => {
      if (!found.every((x) => x && isFinite(x))) return "";
      const steps = stepsOf(found, phases, width);
      return hash(seal.salt, steps) === expected ? steps : "";
    };
    if (fits(values, seal.phases, seal.hash)) return said("right", "Right.");
    for (const mistake of seal.mistakes) {
      const steps = fits(values, mistake.phases, mistake.hash);
      if (steps) return said("wrong", `Not yet: ${uncovered(mistake.says, seal.salt, steps)}.`);
    }
    const near = new Set(slips(seal, values).filter(([, found]) => fits(found, seal.phases, seal.hash)).map(([words]) => words));
    const words = [...near].slice(0, 2).join(" or ");
    if (words) return said("wrong", `Not yet. ${words[0].toUpperCase()}${words.slice(1)} would explain it.`);
    return said("wrong", `Not yet: the book finds another ${seal.type}.`);
  }

  // -- what a reader types

  // Powers as the book writes them, 10⁻¹² and cm², as one types them.
  const raised = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079";
  const lowered = (text) => text.replace(/\u2212/g, "-").replace(/\u207b?[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+/g,
    (run) => `^${[...run].map((c) => (c === "\u207b" ? "-" : raised.indexOf(c))).join("")}`);

  // A unit without a power, which may have a prefix: what it measures, its size, and which power of that.
  function named(name) {
    const { units, words, prefixes, prefixed } = nuemKnown;
    const plainly = (word) => (Object.hasOwn(units, word) ? units[word] : Object.hasOwn(words, word) && words[word]);
    const known = plainly(name), rest = name.slice(1);
    if (known || !Object.hasOwn(prefixes, name[0]) || !prefixed.includes(rest)) return known;
    const [kind, size, power] = plainly(rest);
    return [kind, prefixes[name[0]] * size, power];
  }

  // What a unit measures, and its size.
  function unitOf(text) {
    const powers = {};
    let size = 1;
    const plain = lowered(text).replace(/\u00b5/g, "\u03bc").replace("\u03bc_B", "mu_B").replace("e\u2080", "e0");
    const [over, ...under] = plain.replace(/(?<!\*)[\u00b7\u22c5*](?!\*)/g, " ").split("/");
    const words = (part, sign) => (part.match(/\S+/g) || []).map((word) => [word, sign]);
    const below = under.flatMap((part) => words(part.trim().replace(/^\(/, "").replace(/\)$/, ""), -1));
    for (const [word, sign] of [...words(over, 1).filter(([word]) => word !== "1"), ...below]) {
      const found = word.match(/^(e0|\p{L}+(?:_\p{L}+)?|%)(?:(?:\^|\*\*)?\(?(-?\d+)\)?)?$/u);
      const known = found && named(found[1]);
      if (!known) throw new Unreadable(`The unit '${text}' is not known here; write it as keV, cm^2 or g cm^-3.`);
      const [kind, one, power] = known, exponent = sign * Number(found[2] ?? 1);
      size *= one ** exponent;
      if (kind) powers[kind] = (powers[kind] || 0) + power * exponent;
    }
    return { size, measures: Object.entries(powers).filter(([, power]) => power).sort().join() };
  }

  // A number and its unit, as programs print it, 3.2e-12, or as the book shows it, 3.2 × 10⁻¹²; a fraction such as 4pi/3.
  function number(text) {
    const plain = lowered(text.trim()).replace(/(\d)\s*x\s*10\^/i, "$1*10^"), begin = /^(?:\p{L}|%|1\/)/u;
    if (/,/.test(plain)) throw unreadable("write a point before the decimals, and no commas");
    if (/\.\d+\(\d+\)/.test(plain)) throw unreadable("leave the uncertainty out");
    const read = (left) => { try { return value(left, {}); } catch (error) { return error; } };
    const whole = read(plain);
    for (let end = plain.length - 1; whole instanceof Error && end > 0; end--) {
      const unit = plain.slice(end), left = plain.slice(0, end);
      if (!begin.test(unit) || (/[\d.]$/.test(left) && /^(?:e[-+]?\d|1\/)/i.test(unit))) continue;
      const found = read(left);
      if (typeof found === "number") return [found, unit];
    }
    if (whole instanceof Error) throw whole;
    return [whole, ""];
  }

  const functions = {
    sqrt: Math.sqrt, exp: Math.exp, log: Math.log, ln: Math.log, sin: Math.sin, cos: Math.cos, tan: Math.tan,
    asin: Math.asin, acos: Math.acos, atan: Math.atan, sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh, abs: Math.abs,
  };
  const greek = ["alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
    "xi", "omicron", "pi", "rho", "final", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"];

  class Unreadable extends Error {}
  const unreadable = (words) => new Unreadable(`This can’t be read: ${words}.`);

  // The value of a formula; nothing but numbers, names of the list, + - * / ^ and a few functions. It runs no code.
  function value(text, names) {
    const plain = lowered(text).replace(/[\u03b1-\u03c9]/g, (c) => greek[c.charCodeAt(0) - 0x3b1])
      .replace(/[\u0391-\u03a9]/g, (c) => greek[c.charCodeAt(0) - 0x391].replace(/^./, (first) => first.toUpperCase()))
      .replace(/[\u00b7\u22c5\u00d7]/g, "*");
    const parts = plain.match(/(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[A-Za-z_][A-Za-z_0-9]*|\*\*|\S/g) || [];
    let here = 0;
    const take = (...wanted) => (wanted.includes(parts[here]) ? parts[here++] : "");
    const need = (one) => { if (!take(one)) throw unreadable(here < parts.length ? `${one} is missing before ${parts[here]}` : `${one} is missing at the end`); };
    function sum() {
      let x = product();
      for (let sign; (sign = take("+", "-"));) x = sign === "+" ? x + product() : x - product();
      return x;
    }
    function product() {
      let x = signed();
      for (;;) {
        const sign = take("*", "/");
        if (sign) x = sign === "*" ? x * signed() : x / signed();
        else if (/^[\w(.\u221a]/.test(parts[here] || "")) x *= juxtaposed(); // 2 x
        else return x;
      }
    }
    function juxtaposed() {
      const digits = /^[\d.]/, tens = parts[here] === "10" && /^(?:\^|\*\*)$/.test(parts[here + 1]);
      if (!tens && digits.test(parts[here]) && digits.test(parts[here - 1])) {
        throw unreadable(`* or a point is missing before ${parts[here]}`);
      }
      return power();
    }
    function signed() {
      const sign = take("-", "+");
      return sign ? (sign === "-" ? -signed() : signed()) : power();
    }
    function power() {
      const base = atom();
      return take("^", "**") ? base ** signed() : base;
    }
    function atom() {
      const part = parts[here++];
      if (part === undefined) throw unreadable("something is missing at the end");
      if (part === "\u221a") return Math.sqrt(atom());
      if (part === "(") { const x = sum(); need(")"); return x; }
      if (/^[\d.]/.test(part)) return Number(part);
      if (Object.hasOwn(names, part)) return names[part];
      if (part === "pi") return Math.PI;
      if (Object.hasOwn(functions, part)) { need("("); const x = sum(); need(")"); return functions[part](x); }
      if (/^[A-Za-z_]/.test(part)) throw unreadable(`${part} is no ${Object.keys(names).length ? `symbol of the answer; it is a formula in ${Object.keys(names).join(", ")}` : "number"}`);
      throw unreadable(`${part} can't stand there`);
    }
    const x = sum();
    if (here < parts.length) throw unreadable(`${parts[here]} can't stand there`);
    return x;
  }

  // What is said of an answer, given as a text; a number's unit is the one that is chosen, unless one stands in the text.
  function judged(seal, text, unit) {
    if (!text.trim()) return said("waiting", "No answer yet.");
    if (seal.type === "choice") return hash(seal.salt, text) === seal.hash ? said("right", "Right.") : said("wrong", "No, not this one.");
    try {
      if (seal.type === "formula") {
        const values = seal.points.map((point) => value(text, Object.fromEntries(seal.names.map((name, k) => [name, point[k]]))));
        if (values.every(isFinite)) return judgedNumbers(seal, values);
        return said("unclear", "Your formula has no real value where the answer has one; look at its roots and signs.");
      }
      const [found, given] = number(text);
      const [own, theirs] = [unitOf(seal.unit), unitOf(given || unit || seal.unit)];
      if (own.measures === theirs.measures) return judgedNumbers(seal, [found * theirs.size / own.size]);
      return said("unclear", `The unit ${given} doesn't measure what is asked for; ${seal.wanted}.`);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      return said("unclear", error.message);
    }
  }

  for (const form of document.querySelectorAll("form.nuem-check")) {
    const seal = JSON.parse(form.dataset.seal), reply = form.querySelector("output");
    const show = () => {
      const answer = form.elements.answer.value ?? "";
      const { verdict, words } = judged(seal, answer, form.elements.unit?.value);
      reply.textContent = words;
      reply.className = verdict;
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); show(); });
    form.addEventListener("input", () => { reply.textContent = ""; });
    form.addEventListener("keydown", (event) => event.stopPropagation());
    form.hidden = false;
  }
  globalThis.nuemSelfcheck = { judged, hash };
})();
