"use strict";
// What lists do beyond links and forms: all rows of a page are selected with one key.

{
  const live = (words) => { document.getElementById("live").textContent = words; };
  const picks = () => [...document.querySelectorAll(".bulk tbody [name=order]")];

  // Says how many rows are selected.
  const count = () => {
    const all = document.querySelector("[data-select-all]");
    if (!all) return "";
    const boxes = picks();
    const number = boxes.filter((box) => box.checked).length;
    all.checked = number > 0 && number === boxes.length;
    all.indeterminate = number > 0 && number < boxes.length;
    const words = number ? `${number} selected` : "None selected";
    document.querySelector("[data-count]").textContent = words;
    return words;
  };

  document.addEventListener("change", ({ target }) => {
    if (!target.closest(".bulk")) return;
    if (target.matches("[data-select-all]")) picks().forEach((box) => { box.checked = target.checked; });
    live(count());
  });
  document.addEventListener("htmx:afterSettle", count);
  // After Back the browser ticks the boxes again.
  window.addEventListener("pageshow", count);
}
