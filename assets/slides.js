// Slides: reveal.js with notes; what is a little too long for its slide is set smaller.
(() => {
  "use strict";
  const [WIDTH, HEIGHT] = [1200, 720];
  const fit = (section) => {
    const content = section && section.querySelector(".fits");
    if (!content) return;
    content.style.transform = content.style.width = "";
    const scale = Math.min(1, (HEIGHT - 24) / content.scrollHeight, WIDTH / content.scrollWidth);
    if (scale < 1) {
      content.style.width = `${100 / scale}%`;
      content.style.transform = `scale(${scale})`;
    }
    section.dataset.scale = scale.toFixed(2);
  };
  Reveal.on("ready", (event) => fit(event.currentSlide));
  Reveal.on("slidechanged", (event) => fit(event.currentSlide));
  Reveal.on("pdf-ready", () => document.querySelectorAll(".slides section").forEach(fit));
  document.fonts.ready.then(() => Reveal.isReady() && fit(Reveal.getCurrentSlide()));
  Reveal.initialize({
    width: WIDTH, height: HEIGHT, margin: 0.05, center: false, hash: true, slideNumber: "c/t", transition: "none",
    pdfSeparateFragments: false, pdfMaxPagesPerSlide: 1, plugins: [RevealNotes],
  });
})();
