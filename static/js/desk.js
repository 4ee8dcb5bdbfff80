// What the desk does beyond its pickers.

import { announce, byId } from "./page.js";

// --- Text that is typed while the customer is being looked up moves to the next field: the same field
// when the server asks for the customer once more, otherwise the field for lines.

let typedText = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const field = detail.requestConfig.elt.querySelector?.("#customer-text");
  const sent = detail.requestConfig.parameters.text;
  typedText = detail.shouldSwap && field && field.value !== sent ? { whole: field.value, sent } : null;
});

document.addEventListener("htmx:afterSettle", () => {
  if (!typedText) return;
  const { whole, sent } = typedText;
  typedText = null;
  const customerField = byId("customer-text");
  const field = customerField ?? byId("add-text");
  const rest = whole.startsWith(sent) ? whole.slice(sent.length) : whole;
  field.value = customerField ? whole : field.value + rest;
  field.dispatchEvent(new Event("input"));
});

// --- A draft that several people have open follows what the others do, but never changes a section in
// which somebody types. A hidden tab asks nothing.

const MILLISECONDS = 5000;
const desk = document.querySelector("[data-live]");
let etag = "";
// The version that was announced last: a change that waits for somebody to finish is announced once.
let announcedVersion = "";
let timer;
let openRequests = 0;
let requestCount = 0;
let isFetching = false;
let isOver = false;

document.addEventListener("htmx:beforeSend", () => {
  openRequests += 1;
  requestCount += 1;
});
document.addEventListener("htmx:afterRequest", () => { openRequests -= 1; });

// A refused text is not saved either, although the server drew it.
const isUnsaved = (field) => field.type !== "hidden"
  && (field.value !== field.defaultValue || field.matches("[aria-invalid=true]"));
// Somebody has typed and not saved, or is in the middle of a choice.
const isInUse = (section) => section.querySelector("[data-hold]") !== null
  || [...section.querySelectorAll("input, textarea")].some(isUnsaved);

// Names the rows that are as the server drew them: the answer leaves out those that did not change.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.target.id !== "desk-lines" || detail.verb !== "post") return;
  const rows = [...detail.target.querySelectorAll("[data-row]")]
    .filter((row) => !isInUse(row));
  detail.parameters.rows = rows.map((row) => row.dataset.row).join(" ");
});

const restoreFocus = ({ id, selectionStart, selectionEnd }) => {
  const control = byId(id) ?? byId("add-text");
  control.focus({ preventScroll: true });
  if (Number.isInteger(selectionStart)) control.setSelectionRange?.(selectionStart, selectionEnd);
};

const swapSection = (old, section) => {
  const element = old.contains(document.activeElement) ? document.activeElement : null;
  // The selection is read before the swap, which takes it away.
  const focused = element && {
    id: element.id, selectionStart: element.selectionStart, selectionEnd: element.selectionEnd,
  };
  section.querySelectorAll("[autofocus]").forEach((control) => control.removeAttribute("autofocus"));
  // An undo that is still offered stays.
  section.prepend(...[...old.querySelectorAll("[data-keep]")].map((offer) => offer.cloneNode(true)));
  section.classList.add("changed");
  old.replaceWith(section);
  htmx.process(section);
  htmx.trigger(section, "htmx:load", { elt: section });
  if (focused) restoreFocus(focused);
};

// Swaps the sections that differ and are not in use; returns whether any differ, and whether any wait.
const swapChanges = (page) => {
  const changed = [...page.querySelectorAll("section[data-state]")]
    .map((section) => [byId(section.id), section])
    .filter(([old, section]) => old.dataset.state !== section.dataset.state);
  const free = changed.filter(([old]) => !isInUse(old));
  free.forEach(([old, section]) => swapSection(old, section));
  return { hasChanges: changed.length > 0, isWaiting: free.length < changed.length };
};

const announceVersion = (sentence, version) => {
  if (announcedVersion === version) return;
  announcedVersion = version;
  announce(sentence);
};

const showPage = (page, version) => {
  const end = page.querySelector("[data-gone]");
  if (end) {
    byId("notices").replaceChildren(end);
    announceVersion(end.textContent, version);
    isOver = true;
    return;
  }
  const { hasChanges, isWaiting } = swapChanges(page);
  const sentence = page.querySelector("[data-say]").dataset.say;
  if (hasChanges) announceVersion(isWaiting ? `${sentence} What you are typing stays.` : sentence, version);
  // Without its ETag the next request brings the sections that wait once more.
  if (!isWaiting) etag = version;
};

const fetchChanges = async () => {
  const countBefore = requestCount;
  // The header says that nobody did this: a page that is only open is signed out when its time is over.
  const response = await fetch(desk.dataset.live, { headers: { "If-None-Match": etag, "HX-Request": "true" } });
  // Nothing changed (304), or the session has ended: the next step leads to the sign-in and back.
  if (!response.ok || response.headers.has("HX-Redirect")) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // An answer from before a step of this person would bring the past back.
  if (openRequests || requestCount !== countBefore) return;
  showPage(page, response.headers.get("ETag"));
};

const poll = async () => {
  clearTimeout(timer);
  if (document.hidden || isFetching || isOver) return;
  isFetching = true;
  // The next step reports a server that is down, and waits for it.
  await fetchChanges().catch(() => {});
  isFetching = false;
  if (!isOver) timer = setTimeout(poll, MILLISECONDS);
};

document.addEventListener("visibilitychange", poll);
timer = setTimeout(poll, MILLISECONDS);
