// What every page does beyond htmx. Without this file every page still works.

export const byId = (id) => document.getElementById(id);
export const isTyping = (element) => element.matches("input, textarea, select, [contenteditable]");

export const announce = (sentence) => { byId("live").textContent = sentence; };

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

// A page that the browser kept shows old data; and it may belong to somebody who has signed out.
window.addEventListener("pageshow", (event) => { if (event.persisted) window.location.reload(); });

// Milliseconds between the last two keys, as they were pressed: a busy page handles them later.
export let keyGap = Infinity;
let pressedAt = -Infinity;

document.addEventListener("keydown", ({ key, timeStamp }) => {
  if (key !== "Enter" && key?.length !== 1) return;
  keyGap = timeStamp - pressedAt;
  pressedAt = timeStamp;
}, true);

// --- Steps: a form that was sent keeps its page until the server has answered.

let openRequests = 0;
let nextActions = [];

// Runs `action` when every step that was made so far is saved.
export const afterSteps = (action) => {
  nextActions.push(action);
  runNextActions();
};

// After an error people look at the error first.
export const dropNextActions = () => { nextActions = []; };

const runNextActions = () => {
  if (openRequests || queue.length) return;
  const actions = nextActions;
  dropNextActions();
  actions.forEach((action) => action());
};

document.addEventListener("htmx:beforeSend", ({ detail }) => {
  openRequests += 1;
  startWork(detail.xhr, detail.elt, detail.target);
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const { xhr, elt } = detail;
  openRequests -= 1;
  endWork(xhr);
  if (xhr.status >= 400) dropNextActions();
  if (xhr.status >= 500) offerRetry(detail);
  // A search that a newer one replaced has no status, and nobody waits for it.
  else if (xhr.status) {
    if (retryOffer?.form === elt) retryOffer.notice.remove();
    runNextActions();
  }
});

document.addEventListener("htmx:sendError", ({ detail }) => offerRetry(detail));

// --- Notices

// The notice that offers to send a form another time.
let retryOffer = null;

const createNotice = (level, sentence) => {
  const notice = document.createElement("div");
  notice.className = `notice notice-${level}`;
  notice.append(sentence);
  return notice;
};

const showNotice = (notice) => {
  byId("notices").replaceChildren(notice);
  announce(notice.firstChild.textContent);
};

export const showWarning = (sentence) => showNotice(createNotice("warning", sentence));

const describeFailure = (form) => {
  const outcome = form.matches("[hx-get]") ? "Not loaded" : "Not saved";
  const texts = queue.map((entry) => entry.text).join(", ");
  const lines = form.id === "add-line" ? ` It waits here: ${texts}.` : "";
  return `${outcome}: the server cannot be reached or is busy.${lines} `;
};

const offerRetry = ({ elt: form, requestConfig }) => {
  dropNextActions();
  // The pressed button may say what is to be done.
  const pressed = requestConfig?.triggeringEvent?.submitter;
  const notice = createNotice("error", describeFailure(form));
  const button = document.createElement("button");
  button.className = "btn btn-outline-secondary btn-sm";
  button.textContent = "Try again";
  button.addEventListener("click", () => {
    notice.remove();
    if (form.id === "add-line") sendQueue();
    else if (pressed) pressed.click();
    else form.requestSubmit();
  });
  notice.append(button);
  retryOffer = { form, notice };
  showNotice(notice);
};

// --- Long work: a request that is not answered at once is announced, until its answer comes.

const ANNOUNCE_AFTER = 300;
const WORKING = "Working…";
const endings = new Map();

const startWork = (key, form, target) => {
  const timer = setTimeout(() => {
    form.classList.add("busy");
    target.setAttribute("aria-busy", "true");
    announce(WORKING);
  }, ANNOUNCE_AFTER);
  endings.set(key, () => {
    clearTimeout(timer);
    form.classList.remove("busy");
    target.removeAttribute("aria-busy");
    if (byId("live").textContent === WORKING) announce("");
  });
};

const endWork = (key) => {
  endings.get(key)?.();
  endings.delete(key);
};

// --- Adding lines: the field is free again at once, so a scanner is never too fast. The typed lines
// wait in a queue. Each entry keeps its key, so sending it twice adds one line. The tab stores the
// queue, so that it outlives a sign-in that has ended: the lines are sent when the clerk is back.

const queue = [];
let isSending = false;

export const loadLines = (path) => JSON.parse(sessionStorage.getItem(`lines of ${path}`) ?? "[]");

export const storeLines = (path, entries) => {
  if (entries.length) sessionStorage.setItem(`lines of ${path}`, JSON.stringify(entries));
  else sessionStorage.removeItem(`lines of ${path}`);
};

const storeQueue = () => storeLines(window.location.pathname, queue);

document.addEventListener("DOMContentLoaded", () => {
  if (byId("add-line")) queue.push(...loadLines(window.location.pathname));
  if (queue.length) sendQueue();
  else storeQueue();
});

export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)),
  (byte) => byte.toString(16).padStart(2, "0")).join("");

const sendQueue = async () => {
  const form = byId("add-line");
  while (queue.length && !isSending) {
    isSending = true;
    const { status, redirect } = await sendLine(form, queue[0]);
    isSending = false;
    if (status === 0 || status >= 500 || redirect?.startsWith(form.dataset.signIn)) return;
    const entry = queue.shift();
    storeQueue();
    // The entry opened another page, such as the order on a receipt. The others wait for this one.
    if (redirect) return;
    if (status >= 400 && !byId("add-text").value) returnText(entry.text);
  }
  runNextActions();
};

// Resolves to the status of the answer, 0 if there was none, and to the address that it redirects to.
const sendLine = (form, entry) => new Promise((resolve) => {
  const onAnswer = ({ detail }) => {
    if (detail.elt !== form) return;
    document.removeEventListener("htmx:afterRequest", onAnswer);
    const answer = { status: detail.xhr.status, redirect: detail.xhr.getResponseHeader("HX-Redirect") };
    // A redirect is leaving this page already.
    if (answer.redirect) resolve(answer);
    // htmx swaps after this event, and what follows needs the new lines.
    else setTimeout(() => resolve(answer), 0);
  };
  document.addEventListener("htmx:afterRequest", onAnswer);
  htmx.ajax("POST", form.action, {
    source: form, target: "#desk-lines", swap: "outerHTML settle:0ms", values: entry,
  }).catch(() => {});
});

// `product` is the id of a chosen suggestion; the text still says how many.
export const addLine = ({ text, product }) => {
  queue.push({ text, key: newKey(), ...(product && { product }) });
  storeQueue();
  sendQueue();
};

const returnText = (text) => {
  const field = byId("add-text");
  field.value = text;
  field.select();
};

const submitLine = (form) => {
  const { text, product } = form.elements;
  const choice = product && !product.disabled ? { product: product.value } : {};
  if (text.value.trim()) addLine({ text: text.value, ...choice });
  text.value = "";
  if (product) product.disabled = true;
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "add-line") {
    event.preventDefault();
    submitLine(form);
  } else if (form.matches("[data-once]")) {
    // The server gives the same answer twice; this spares the second request.
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  }
  // A field that is called "method" hides the property of the form.
  if (!event.defaultPrevented && form.getAttribute("method") === "post") startWork(form, form, form);
});

// --- Focus: it is never lost in a swap, and never taken from somebody who types.

document.addEventListener("shop:focus", (event) => byId(event.detail.id)?.focus());

document.addEventListener("htmx:afterSettle", () => {
  const field = byId("add-text");
  const target = document.querySelector("[data-focus]");
  if (target && !field?.value) {
    target.removeAttribute("data-focus");
    target.focus();
  } else if (document.activeElement === document.body) {
    (field ?? byId("main")).focus();
  }
  if (queue.length) sendQueue();
});
