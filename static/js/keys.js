// The keyboard: shortcuts, a scanner that types outside of the fields, and the list of keys.

import { addLine, afterSteps, byId, isTyping, keyGap, loadLines, newKey, showWarning, storeLines } from "./page.js";

// --- Shortcuts: each control names its own. Single letters count outside of fields only, and can be
// switched off below.

const findControl = (shortcut) => document.querySelector(`[data-shortcut="${CSS.escape(shortcut)}"]`);
const usesLetters = () => localStorage.getItem("single-letter keys") !== "off";

const activate = (control) => {
  if (!control?.matches("input")) return control?.click();
  control.focus();
  return control.select();
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.metaKey || event.isComposing || !event.key) return;
  if (event.key.length === 1 || event.key === "Enter") endOldBurst();
  if (document.querySelector("dialog[open]")) return;
  if (event.ctrlKey) handleCtrl(event);
  else if (event.key === "Escape") activate(findControl("escape"));
  else if (event.target.matches("[data-scan]")) handleAmount(event);
  else if (!isTyping(event.target)) handleOutside(event);
});

const handleCtrl = (event) => {
  const shortcut = `ctrl+${event.key.toLowerCase()}`;
  // "Review" comes with the first line, whose answer may still be on its way.
  if (!findControl(shortcut) && !(shortcut === "ctrl+enter" && byId("add-line"))) return;
  event.preventDefault();
  // A field that saves by itself does so when it loses the focus.
  if (event.target.closest("[hx-trigger]")) event.target.blur();
  if (byId("add-text")?.value.trim()) byId("add-line").requestSubmit();
  afterSteps(() => activate(findControl(shortcut)));
};

// A scanner types its code as a burst of keys that ends with Enter. Outside of the fields such a burst
// is neither shortcuts nor a press of the focused button: it is one more line. So a letter acts only
// when no other key follows it within this many milliseconds; hands are slower.
const BURST = 80;
let burst = "";
let actsLater;

const endOldBurst = () => {
  clearTimeout(actsLater);
  if (keyGap > BURST) burst = "";
};

const handleOutside = (event) => {
  const { key } = event;
  if (key === "Enter" && burst.length > 1) {
    event.preventDefault();
    addScan(burst);
    burst = "";
  } else if (key.length === 1 && !event.repeat && (burst || key !== " ")) {
    const control = usesLetters() && findControl(key.toLowerCase());
    if (burst || control) event.preventDefault();
    burst += key;
    if (burst === key && control) {
      actsLater = setTimeout(() => {
        burst = "";
        afterSteps(() => activate(control));
      }, BURST);
    }
  }
};

// In the field for what the customer lays down a scan is a line too, not a payment.
const handleAmount = (event) => {
  if (event.key === "Enter" && burst.length > 3) {
    event.preventDefault();
    event.target.value = "";
    addScan(burst);
    burst = "";
  } else if (event.key.length === 1) {
    burst += event.key;
  }
};

const addScan = (code) => {
  const desk = document.querySelector("[data-desk]");
  if (byId("add-line")) return addLine({ text: code });
  if (!desk) return showWarning(`Scanned ${code}. Open an order to add it.`);
  // The review leads back to the desk, which sends the stored lines; others may wait there already.
  const path = desk.getAttribute("href");
  storeLines(path, [...loadLines(path), { text: code, key: newKey() }]);
  return desk.click();
};

// --- The list of keys: the shortcuts of this page's controls, then what the page adds. Without this
// file the link leads to a page with all of them.

const KEY_NAMES = { ctrl: "Ctrl", enter: "Enter", escape: "Esc" };

const createKey = (name) => {
  const key = document.createElement("kbd");
  key.textContent = KEY_NAMES[name] ?? name;
  return key;
};

const createKeyRow = (control) => {
  const row = document.createElement("div");
  const keys = document.createElement("dt");
  const meaning = document.createElement("dd");
  keys.append(...control.dataset.shortcut.split("+").map(createKey));
  const label = control.labels?.[0] ?? control;
  const words = [...label.childNodes].filter((node) => node.nodeName !== "KBD");
  meaning.textContent = words.map((node) => node.textContent).join("").trim();
  row.append(keys, meaning);
  return row;
};

const openKeys = () => {
  const pageKeys = document.querySelector("template[data-keys]");
  const rows = [...document.querySelectorAll("[data-shortcut]")].map(createKeyRow);
  if (pageKeys) rows.push(pageKeys.content.cloneNode(true));
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
  // This browser remembers it, for people who speak to it or whose hands shake.
  localStorage.setItem("single-letter keys", event.target.checked ? "on" : "off");
  showLetters();
});
