// What lists do beyond links and forms. Without this file every page still works.

import { announce, byId } from "./page.js";

// --- Selecting: one key selects all rows of a page, and the number of selected rows is shown.

const listBoxes = () => [...document.querySelectorAll(".bulk tbody [name=order]")];

const showCount = () => {
  const all = document.querySelector("[data-select-all]");
  if (!all) return "";
  const boxes = listBoxes();
  const number = boxes.filter((box) => box.checked).length;
  all.checked = number > 0 && number === boxes.length;
  all.indeterminate = number > 0 && !all.checked;
  const words = number ? `${number} selected` : "None selected";
  document.querySelector("[data-count]").textContent = words;
  return words;
};

document.addEventListener("change", ({ target }) => {
  if (!target.closest(".bulk")) return;
  if (target.matches("[data-select-all]")) listBoxes().forEach((box) => { box.checked = target.checked; });
  announce(showCount());
});
document.addEventListener("htmx:afterSettle", showCount);
// After Back the browser ticks the boxes again.
window.addEventListener("pageshow", showCount);

// --- Refreshing: the part named by data-refresh is fetched every few seconds, and swapped when it
// differs: never in a hidden tab, and never while somebody types or selects in it.

const SECONDS = 15;
const TEXT_FIELDS = "main :is(input:not([type=hidden], [type=checkbox]), select, textarea)";
const holder = document.querySelector("[data-refresh]");
const refreshBox = document.querySelector("[data-follow]");
const findPart = () => byId(holder.dataset.refresh);
// The address and the ETag of the last answer.
let last = {};
let isFetching = false;
// The texts that were in the fields when the part was drawn.
let savedTexts = "";
let timer;

const readTexts = () => [...document.querySelectorAll(TEXT_FIELDS)].map((field) => field.value).join("\n");

const isInUse = () => document.hidden || !refreshBox.checked || readTexts() !== savedTexts
  || document.querySelector(".htmx-request") !== null
  || findPart().querySelector("input:checked") !== null
  || (!getSelection().isCollapsed && findPart().contains(getSelection().anchorNode));

// Identifies a control, also when its row has moved.
const describeControl = (element) => [element.closest("tr")?.querySelector("th a")?.href,
  element.getAttribute("href"), element.name, element.value].join(" ");
const normalizeHtml = (element) => element.innerHTML.replace(/\s+/g, " ").trim();

const restoreFocus = (part, description) => {
  const controls = [...part.querySelectorAll("a, button, input")];
  const control = controls.find((candidate) => describeControl(candidate) === description);
  (control ?? byId("main")).focus({ preventScroll: true });
};

const swapPart = (part, fresh) => {
  const focused = part.contains(document.activeElement) ? describeControl(document.activeElement) : null;
  const offsets = [...part.querySelectorAll(".scroll")].map((box) => box.scrollLeft);
  const { scrollX, scrollY } = window;
  part.replaceChildren(...fresh.childNodes);
  part.querySelectorAll(".scroll").forEach((box, index) => { box.scrollLeft = offsets[index] ?? 0; });
  if (focused !== null) restoreFocus(part, focused);
  window.scrollTo(scrollX, scrollY);
};

const fetchPart = async (url) => {
  const headers = { "HX-Request": "true", "HX-Current-URL": url };
  if (last.url === url) headers["If-None-Match"] = last.etag;
  const response = await fetch(url, { headers, cache: "no-store", signal: AbortSignal.timeout(10_000) });
  const isRedirect = response.headers.has("HX-Redirect") || response.redirected;
  // The session has ended, or this person may not see the list any longer: refreshing ends.
  if (isRedirect || (response.status >= 400 && response.status < 500)) stopRefreshing();
  if (response.status !== 200 || response.headers.has("HX-Redirect")) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById(holder.dataset.refresh);
  // Somebody may have begun to type meanwhile; then the next answer counts.
  if (!fresh || url !== window.location.href || isInUse()) return;
  fresh.querySelectorAll("[hx-swap-oob]").forEach((element) => element.remove());
  last = { url, etag: response.headers.get("ETag") };
  // After midnight the figures are those of another day than the heading says.
  if (fresh.dataset.heading) document.querySelector("h1").textContent = fresh.dataset.heading;
  if (normalizeHtml(fresh) !== normalizeHtml(findPart())) swapPart(findPart(), fresh);
};

const refresh = async () => {
  if (isFetching || isInUse()) return;
  isFetching = true;
  // While the network or the server is down, each attempt fails and the next one is made.
  await fetchPart(window.location.href).catch(() => {});
  isFetching = false;
};

const refreshIfVisible = () => { if (!document.hidden) refresh(); };

const stopRefreshing = () => {
  clearInterval(timer);
  document.removeEventListener("visibilitychange", refreshIfVisible);
};

const startRefreshing = () => {
  timer = setInterval(refresh, SECONDS * 1000);
  document.addEventListener("visibilitychange", refreshIfVisible);
  window.addEventListener("pageshow", () => { savedTexts = readTexts(); });
  // A filter has been sent: its text counts as saved.
  document.addEventListener("htmx:beforeRequest", () => { savedTexts = readTexts(); });
  refreshBox.checked = localStorage.getItem("refresh") !== "off";
  refreshBox.addEventListener("change", () => {
    localStorage.setItem("refresh", refreshBox.checked ? "on" : "off");
    refresh();
  });
};

if (holder) startRefreshing();
