"use strict";
// What the pages do beyond htmx. Without this file every page still works.

document.documentElement.classList.add("with-script");

const byId = (id) => document.getElementById(id);
const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// --- Steps: a form that was sent keeps its page until the server has answered.

let pending = 0;
let afterwards = [];

// Runs `action` when every step that was made so far is saved.
const afterSteps = (action) => {
  afterwards.push(action);
  runWhenQuiet();
};

const runWhenQuiet = () => {
  if (pending || queue.length) return;
  const actions = afterwards;
  afterwards = [];
  actions.forEach((action) => action());
};

document.addEventListener("htmx:beforeSend", (event) => {
  pending += 1;
  beginWork(event.detail.xhr, event.detail.elt, event.detail.target);
});

document.addEventListener("htmx:afterRequest", (event) => {
  pending -= 1;
  const { xhr, elt } = event.detail;
  endWork(xhr);
  // What was refused is looked at first.
  if (xhr.status >= 400) afterwards = [];
  if (xhr.status >= 500) offerRetry(event.detail);
  // A search that a newer one took the place of has no status, and nobody waits for it.
  else if (xhr.status) {
    if (offered?.form === elt) offered.notice.remove();
    runWhenQuiet();
  }
});

document.addEventListener("htmx:sendError", (event) => offerRetry(event.detail));

let offered = null;

const offerRetry = ({ elt: form, requestConfig }) => {
  afterwards = [];
  // The button that was pressed may say what is to be done.
  const button = requestConfig?.triggeringEvent?.submitter;
  const notice = document.createElement("div");
  notice.className = "notice notice-error";
  const what = form.matches("[hx-get]") ? "Not loaded" : "Not saved";
  const waits = form.id === "add-line" ? ` It waits here: ${queue.map((entry) => entry.text).join(", ")}.` : "";
  notice.append(`${what}: the server cannot be reached or is busy.${waits} `);
  const again = document.createElement("button");
  again.className = "btn btn-outline-secondary btn-sm";
  again.textContent = "Try again";
  again.addEventListener("click", () => {
    notice.remove();
    if (form.id === "add-line") sendQueue();
    else if (button) button.click();
    else form.requestSubmit();
  });
  notice.append(again);
  offered = { form, notice };
  show(notice);
};

const show = (notice) => {
  byId("notices").replaceChildren(notice);
  byId("live").textContent = notice.firstChild.textContent;
};

const notify = (sentence) => {
  const notice = document.createElement("div");
  notice.className = "notice notice-warning";
  notice.append(sentence);
  show(notice);
};

// --- Long work: what is not answered at once says so, until it is.

const PATIENCE = 300;
const WORKING = "Working…";
const works = new Map();

const beginWork = (key, form, target) => {
  const timer = setTimeout(() => {
    form.classList.add("busy");
    target.setAttribute("aria-busy", "true");
    byId("live").textContent = WORKING;
  }, PATIENCE);
  works.set(key, () => {
    clearTimeout(timer);
    form.classList.remove("busy");
    target.removeAttribute("aria-busy");
    if (byId("live").textContent === WORKING) byId("live").textContent = "";
  });
};

const endWork = (key) => {
  works.get(key)?.();
  works.delete(key);
};

// A page that the browser kept shows what was; and it may be of somebody who has signed out.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// --- Adding lines: the field is free again at once, so a scanner is never too fast. What was typed
// waits in a queue. Each entry keeps its key, so sending it again adds nothing twice. The tab remembers
// the queue, so that it outlives a sign-in that has ended.

const queue = [];
let sending = false;
const waiting = (path) => JSON.parse(sessionStorage.getItem(`lines of ${path}`) ?? "[]");

const keep = (path, entries) => {
  if (entries.length) sessionStorage.setItem(`lines of ${path}`, JSON.stringify(entries));
  else sessionStorage.removeItem(`lines of ${path}`);
};

const remember = () => keep(location.pathname, queue);

document.addEventListener("DOMContentLoaded", () => {
  if (byId("add-line")) queue.push(...waiting(location.pathname));
  if (queue.length) sendQueue();
  else remember();
});

const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)),
  (byte) => byte.toString(16).padStart(2, "0")).join("");

const sendQueue = async () => {
  const form = byId("add-line");
  while (queue.length && !sending) {
    sending = true;
    const status = await send(form, queue[0]);
    sending = false;
    if (status === 0 || status >= 500) return;
    const entry = queue.shift();
    remember();
    if (status >= 400 && !byId("add-text").value) giveBack(entry.text);
  }
  runWhenQuiet();
};

const send = (form, entry) => new Promise((resolve) => {
  const answered = (event) => {
    if (event.detail.elt !== form) return;
    document.removeEventListener("htmx:afterRequest", answered);
    // Swapping comes after this event; what follows wants the new lines.
    const { xhr } = event.detail;
    // Led away, to sign in: it is sent when the clerk is back.
    const status = xhr.getResponseHeader("HX-Redirect") ? 0 : xhr.status;
    setTimeout(() => resolve(status), 0);
  };
  document.addEventListener("htmx:afterRequest", answered);
  htmx.ajax("POST", form.action, {
    source: form, target: "#desk-lines", swap: "outerHTML settle:0ms", values: entry,
  }).catch(() => {});
});

// `product` is there when it was chosen from the suggestions; the text still says how many.
const addLine = ({ text, product }) => {
  queue.push({ text, key: newKey(), ...(product && { product }) });
  remember();
  sendQueue();
};

const giveBack = (text) => {
  const field = byId("add-text");
  field.value = text;
  field.select();
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "add-line") {
    event.preventDefault();
    const { text, product } = form.elements;
    const chosen = product && !product.disabled ? { product: product.value } : {};
    if (text.value.trim()) addLine({ text: text.value, ...chosen });
    text.value = "";
    if (product) product.disabled = true;
  } else if (form.matches("[data-once]")) {
    // The server gives the same answer twice; this spares the second request.
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  }
  if (!event.defaultPrevented && form.method === "post") beginWork(form, form, form);
});

// --- Focus: never on nothing after a swap, and never taken from someone who types.

document.addEventListener("shop:focus", (event) => byId(event.detail.id)?.focus());

document.addEventListener("htmx:afterSettle", () => {
  const field = byId("add-text");
  const wanted = document.querySelector("[data-focus]");
  if (wanted && !field?.value) {
    wanted.removeAttribute("data-focus");
    wanted.focus();
  } else if (document.activeElement === document.body) {
    (field ?? byId("main")).focus();
  }
  if (queue.length) sendQueue();
});
