// The pickers of the desk: fields for a customer and for a line that suggest while somebody types.
// They are WAI-ARIA's editable combobox with list autocomplete. Nothing is selected until an arrow key
// selects it: plain Enter sends the text, and the server resolves it. Where the text is unclear, the
// server's choices become the same list, and the text is back in the field.

import { addLine, announce, byId, dropNextActions, isTyping, keyGap } from "./page.js";

// Milliseconds without a key before the server is asked. A scanner ends with Enter before that, so a
// scan asks nothing; after a quick key the wait is four times as long, because a busy page may be slow.
const PAUSE = 150;
// Milliseconds between two keys of a scanner; no hand is faster.
const BY_HAND = 35;
// A hand may roll over fewer keys than this.
const SHORTEST_SCAN = 4;
// The count is announced when the clerk has stopped, so that it never talks over the keys.
const ANNOUNCE_AFTER = 400;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
// These keys move in the text: Enter means the text after them.
const TEXT_KEYS = new Set(["Home", "End", "ArrowLeft", "ArrowRight"]);

const setAttributes = (element, attributes) => Object.entries(attributes)
  .forEach(([name, value]) => element.setAttribute(name, value));

const createElement = (tag, properties) => Object.assign(document.createElement(tag), properties);

const turnIntoListbox = (list) => {
  list.id = `${list.querySelector("button").name}-choices`;
  list.setAttribute("role", "listbox");
  list.querySelectorAll("li").forEach((item) => item.setAttribute("role", "presentation"));
  list.querySelectorAll("button").forEach((button) => {
    Object.assign(button, { id: `${list.id}-${button.value}`, type: "button", tabIndex: -1 });
    button.dataset.id = button.value;
    setAttributes(button, { role: "option", "aria-selected": "false" });
  });
};

class Picker {
  // The text that the shown options are for.
  listedText = "";
  // The text that the server found unclear, and the choices that wait for a free field.
  unclearText = null;
  waitingChoices = [];
  // The keys that a scanner may be typing, and the text before them.
  burst = "";
  textBefore = "";

  constructor(field) {
    this.field = field;
    this.list = createElement("div", { className: "found", hidden: true });
    // Holds the chosen id. While nothing is chosen it is disabled, and so not sent.
    this.choice = createElement("input", { type: "hidden", name: field.dataset.picks, disabled: true });
    field.closest(".input-group").after(this.list, this.choice);
    setAttributes(field, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" });
    this.listenToField();
    this.listenToList();
    // The form sends the old text first; unclear choices from before wait until then.
    field.form.addEventListener("submit", () => {
      this.burst = "";
      this.close();
      setTimeout(() => this.showChoices());
    });
  }

  listenToField() {
    const { field } = this;
    field.addEventListener("beforeinput", () => this.noteText());
    field.addEventListener("input", (event) => this.handleInput(event));
    field.addEventListener("keydown", (event) => {
      if (!event.isComposing && this.handleKey(event)) event.preventDefault();
    });
    field.addEventListener("blur", () => this.close());
    field.addEventListener("shop:choices", ({ detail }) => {
      this.waitingChoices.push(detail);
      detail.remove();
      // People look at the unclear text first.
      dropNextActions();
      this.showChoices();
    });
  }

  listenToList() {
    // A press on an option leaves the focus in the field.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
  }

  // --- The list

  get isOpen() { return !this.list.hidden; }
  get options() { return [...this.list.querySelectorAll("[role=option]")]; }
  get selected() { return this.list.querySelector("[aria-selected=true]"); }

  select(option) {
    this.selected?.setAttribute("aria-selected", "false");
    this.field.removeAttribute("aria-activedescendant");
    if (!option) return;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  move(step) {
    const { options } = this;
    if (!this.isOpen || !options.length) return;
    const current = options.indexOf(this.selected);
    const from = current < 0 && step < 0 ? 0 : current;
    this.select(options.at((from + step) % options.length));
  }

  toggle(isOpen) {
    this.list.hidden = !isOpen;
    // The section of an open list does not follow other people's changes.
    this.list.toggleAttribute("data-hold", isOpen);
    this.field.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.field.setAttribute("aria-controls", this.list.firstElementChild.id);
    else this.select(null);
  }

  close() {
    this.cancel();
    this.toggle(false);
  }

  choose(option) {
    this.choice.value = option.dataset.id;
    this.choice.disabled = false;
    this.field.form.requestSubmit();
  }

  // --- Suggestions

  // An answer that is still on its way is for an old text: nobody waits for it.
  cancel() {
    clearTimeout(this.pause);
    clearTimeout(this.announcement);
    this.request?.abort();
  }

  // Shows the suggestions for the text; with a `step`, selects the first or the last of them.
  async suggest(step) {
    this.cancel();
    this.request = new AbortController();
    const { signal } = this.request;
    const text = this.field.value;
    const html = await fetch(`${this.field.dataset.suggest}?${new URLSearchParams({ text })}`, { signal })
      .then((response) => (response.ok && !response.redirected ? response.text() : ""))
      // The desk works without suggestions: Enter reports what is wrong.
      .catch(() => "");
    if (signal.aborted || !html) return;
    this.list.innerHTML = html;
    this.listedText = text;
    this.toggle(this.options.length > 0);
    if (step) this.move(step);
    this.announcement = setTimeout(() => announce(this.list.firstElementChild.dataset.say), ANNOUNCE_AFTER);
  }

  // Shows the server's choices for an unclear text. Typing goes on in the field, after that text.
  showChoices() {
    const { field, waitingChoices } = this;
    if (!waitingChoices.length || (field.value && field.value !== waitingChoices[0].dataset.text)) return;
    const choices = waitingChoices.shift();
    this.cancel();
    this.list.replaceChildren(...choices.querySelectorAll(".choices, .hint"));
    turnIntoListbox(this.list.firstElementChild);
    this.listedText = this.unclearText = field.value = choices.dataset.text;
    this.toggle(true);
    // The focus is never taken from somebody who types elsewhere by now.
    if (!isTyping(document.activeElement)) field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  }

  // --- Keys

  get isScan() { return this.isOpen && this.burst.length >= SHORTEST_SCAN && keyGap < BY_HAND; }

  noteText() {
    if (keyGap < BY_HAND) return;
    this.burst = "";
    this.textBefore = this.field.value;
  }

  handleInput(event) {
    const pause = keyGap < BY_HAND ? 4 * PAUSE : PAUSE;
    this.burst += event.data ?? "";
    this.choice.disabled = true;
    this.cancel();
    this.select(null);
    if (this.field.value.trim()) this.pause = setTimeout(() => this.suggest(), pause);
    else this.close();
    this.showChoices();
  }

  // Handles a key; returns whether the browser must not.
  handleKey(event) {
    const step = STEPS[event.key];
    if (step && !event.altKey) this.handleArrow(step);
    else if (event.key === "Enter") return this.handleEnter(event);
    else if (event.key === "Escape" && this.isOpen) this.close();
    else {
      if (TEXT_KEYS.has(event.key)) this.select(null);
      return false;
    }
    return true;
  }

  handleArrow(step) {
    if (this.isOpen && this.field.value === this.listedText) this.move(step);
    else if (this.field.value.trim()) this.suggest(step);
  }

  handleEnter(event) {
    if (this.isScan) this.addScan();
    else if (this.selected) {
      this.choose(this.selected);
      // Ctrl+Enter also goes on to the review, with what was chosen.
      return !event.ctrlKey;
    } else if (!event.ctrlKey && this.isOpen && this.field.value === this.unclearText) {
      // The same text would be as unclear: this selects the first choice, and the next Enter takes it.
      this.move(1);
    } else return false;
    return true;
  }

  // While a list is open, a scan is a line and no part of the text.
  addScan() {
    const code = this.burst;
    this.burst = "";
    const isForLines = this.field.id === "add-text";
    this.field.value = isForLines ? "" : this.textBefore;
    if (isForLines) this.close();
    else this.cancel();
    addLine({ text: code });
    this.showChoices();
  }
}

// A swapped section brings a new field, or the choices for one.
htmx.onLoad((content) => {
  content.querySelectorAll("[data-suggest]:not([role])").forEach((field) => new Picker(field));
  content.querySelectorAll("[data-choices]").forEach((choices) => {
    byId(choices.dataset.choices).dispatchEvent(new CustomEvent("shop:choices", { detail: choices }));
  });
});
