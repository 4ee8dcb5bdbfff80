"use strict";
// The keyboard: shortcuts, a scanner that types where there is no field, and the list of keys.

// --- Shortcuts: a control names its own. Single letters count outside of fields only, and can be
// switched off below.

const withShortcut = (name) => document.querySelector(`[data-shortcut="${CSS.escape(name)}"]`);
const usesLetters = () => localStorage.getItem("single-letter keys") !== "off";

const press = (control) => {
  if (!control?.matches("input")) return control?.click();
  control.focus();
  control.select();
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.metaKey || event.isComposing || !event.key) return;
  if (document.querySelector("dialog[open]")) return;
  if (event.ctrlKey) pressWithCtrl(event);
  else if (!isTyping(event.target)) pressOutside(event);
});

const pressWithCtrl = (event) => {
  const name = `ctrl+${event.key.toLowerCase()}`;
  // "Review" comes with the first line, whose answer may still be on its way.
  if (!withShortcut(name) && !(name === "ctrl+enter" && byId("add-line"))) return;
  event.preventDefault();
  // A field that saves by itself does so when it is left.
  if (event.target.closest("[hx-trigger]")) event.target.blur();
  if (byId("add-text")?.value.trim()) byId("add-line").requestSubmit();
  afterSteps(() => press(withShortcut(name)));
};

// A scanner types its code as a burst that ends with Enter. Outside of the fields that is neither
// shortcuts nor a press of the button that has the focus: it is one more line. So a letter acts when
// no other key has followed it; hands are slower than this many milliseconds.
const BURST = 80;
let burst = "";
let burstEnds;

const pressOutside = (event) => {
  const { key } = event;
  if (key === "Enter" && burst.length > 1) {
    event.preventDefault();
    scanned(burst);
    burst = "";
  } else if (key.length === 1 && !event.repeat && (burst || key !== " ")) {
    const control = usesLetters() && withShortcut(key.toLowerCase());
    if (burst || control) event.preventDefault();
    burst += key;
    clearTimeout(burstEnds);
    burstEnds = setTimeout(() => {
      if (burst.length === 1 && control) afterSteps(() => press(control));
      burst = "";
    }, BURST);
  }
};

const scanned = (code) => {
  const desk = document.querySelector("[data-desk]");
  if (byId("add-line")) return addLine({ text: code });
  if (!desk) return notify(`Scanned ${code}. Open an order to add it.`);
  // From the review back to the desk, which sends what waits for it.
  keep(desk.getAttribute("href"), [{ text: code, key: newKey() }]);
  desk.click();
};

// --- The list of keys: the shortcuts of this page's controls, then what the page adds. Without this
// file the link leads to a page with all of them.

const KEY_NAMES = { ctrl: "Ctrl", enter: "Enter" };

const keyRow = (control) => {
  const row = document.createElement("div");
  const keys = document.createElement("dt");
  const meaning = document.createElement("dd");
  keys.append(...control.dataset.shortcut.split("+").map((name) => {
    const key = document.createElement("kbd");
    key.textContent = KEY_NAMES[name] ?? name;
    return key;
  }));
  const label = control.labels?.[0] ?? control;
  const words = [...label.childNodes].filter((node) => node.nodeName !== "KBD");
  meaning.textContent = words.map((node) => node.textContent).join("").trim();
  row.append(keys, meaning);
  return row;
};

const openKeys = () => {
  const own = document.querySelector("template[data-keys]");
  const rows = [...document.querySelectorAll("[data-shortcut]")].map(keyRow);
  if (own) rows.push(own.content.cloneNode(true));
  byId("keys-here").replaceChildren(...rows);
  byId("use-letters").checked = usesLetters();
  byId("keys").showModal();
};

const showLetters = () => document.documentElement.classList.toggle("without-letters", !usesLetters());
showLetters();

document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-open-keys]") || event.ctrlKey) return;
  event.preventDefault();
  openKeys();
});

document.addEventListener("change", (event) => {
  if (event.target.id !== "use-letters") return;
  // Remembered by this browser: a person who speaks or shakes keeps them off here.
  localStorage.setItem("single-letter keys", event.target.checked ? "on" : "off");
  showLetters();
});
