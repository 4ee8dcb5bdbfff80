"use strict";
// What the pages do beyond htmx. Without this file every page still works.

document.documentElement.classList.add("with-script");

const byId = (id) => document.getElementById(id);
const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

// In a list of choices the arrow keys move, and Escape goes back to the field.
document.addEventListener("keydown", (event) => {
  const choices = [...(event.target.closest("[data-choices]")?.querySelectorAll("button") ?? [])];
  if (!choices.length) return;
  const here = choices.indexOf(event.target);
  const there = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: -1 }[event.key];
  if (event.key === "Escape") byId("add-text").focus();
  else if (there !== undefined) choices.at(there % choices.length).focus();
  else return;
  event.preventDefault();
});

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

const failed = (xhr) => xhr.status === 0 || xhr.status >= 500;

document.addEventListener("htmx:beforeSend", () => { pending += 1; });

document.addEventListener("htmx:afterRequest", (event) => {
  pending -= 1;
  // What was refused is looked at first.
  if (event.detail.xhr.status >= 400) afterwards = [];
  if (failed(event.detail.xhr)) offerRetry(event.detail.elt);
  else runWhenQuiet();
});

const offerRetry = (form) => {
  afterwards = [];
  const notice = document.createElement("div");
  notice.className = "notice notice-error";
  const waits = form.id === "add-line" ? ` It waits here: ${queue.map((entry) => entry.text).join(", ")}.` : "";
  notice.append(`Not saved: the server cannot be reached or is busy.${waits} `);
  const button = document.createElement("button");
  button.className = "btn btn-outline-secondary btn-sm";
  button.textContent = "Try again";
  button.addEventListener("click", () => {
    notice.remove();
    if (form.id === "add-line") sendQueue();
    else form.requestSubmit();
  });
  notice.append(button);
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

const isChoosing = () => document.querySelector("#desk-lines [data-choices]") !== null;

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
    if (isChoosing()) return;
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
  if (queue.length && !isChoosing()) sendQueue();
});
