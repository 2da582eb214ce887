// Play: a live formula's setting stands in the address, also of a local file; the link below a card restores it.
(() => {
  "use strict";
  const cards = [...document.querySelectorAll(".nuem-play")];
  const sliders = (card) => [...card.querySelectorAll("input[type=range]")];
  const value = (slider) => (slider.dataset.moved ? Math.exp(Number(slider.value)) : Number(slider.dataset.start));
  for (const card of cards) {
    const link = card.querySelector(".nuem-setting");
    const write = () => { link.href = `#${card.dataset.play}=${sliders(card).map((s) => value(s).toPrecision(6)).join(",")}`; };
    card.addEventListener("input", write);
    card.querySelector("button").addEventListener("click", () => setTimeout(write));
    write();
  }
  const restore = () => {
    const [name, numbers = ""] = decodeURIComponent(location.hash.slice(1)).split("=");
    const card = cards.find((one) => one.dataset.play === name);
    if (!card) return;
    numbers.split(",").map(Number).forEach((number, place) => {
      const slider = sliders(card)[place];
      if (!slider || !(number > 0)) return;
      slider.value = String(Math.log(number));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    });
    card.scrollIntoView();
  };
  addEventListener("hashchange", restore);
  restore();
})();
