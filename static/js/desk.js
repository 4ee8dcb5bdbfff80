"use strict";
// What the desk has beyond the other pages: pickers that suggest, and a draft that follows the others.

// --- The pickers: WAI-ARIA's editable combobox with list autocomplete. Nothing is selected
// until an arrow key says so: plain Enter sends what was typed, and the server resolves it.
{
  // Milliseconds without a key before the server is asked. A scanner ends with Enter before that,
  // so a scan asks nothing; after a key that no hand follows up so fast, a busy page waits longer.
  const PAUSE = 150;
  const BY_HAND = 20;
  // The count is said once the clerk has stopped, so that it never talks over the keys.
  const SAID_AFTER = 400;

  const make = (field) => {
    const found = document.createElement("div");
    found.className = "found";
    found.hidden = true;
    // Holds the id that was chosen. Disabled, and so not sent, while nothing is.
    const chosen = document.createElement("input");
    Object.assign(chosen, { type: "hidden", name: field.dataset.picks, disabled: true });
    field.closest(".input-group").after(found, chosen);
    const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    Object.entries(attributes).forEach(([name, value]) => field.setAttribute(name, value));

    let pause, announcement, request;
    // The text that the options shown are for.
    let asked = "";
    let lastKey = 0;

    const options = () => [...found.querySelectorAll("[role=option]")];
    const selected = () => found.querySelector("[aria-selected=true]");

    const select = (option) => {
      selected()?.setAttribute("aria-selected", "false");
      if (!option) return field.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      option.scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", option.id);
    };

    const open = (isOpen) => {
      found.hidden = !isOpen;
      field.setAttribute("aria-expanded", String(isOpen));
      if (isOpen) field.setAttribute("aria-controls", found.firstElementChild.id);
      else select(null);
    };

    // An answer that is still on its way is for a text that is no more: nobody waits for it.
    const stop = () => {
      clearTimeout(pause);
      clearTimeout(announcement);
      request?.abort();
    };

    const close = () => {
      stop();
      open(false);
    };

    const ask = async (step) => {
      stop();
      request = new AbortController();
      const { signal } = request;
      const text = field.value;
      const query = new URLSearchParams({ text });
      const answer = await fetch(`${field.dataset.suggest}?${query}`, { signal })
        .then((response) => (response.ok && !response.redirected ? response.text() : ""))
        // Without suggestions the desk is slower and works: Enter says what is wrong.
        .catch(() => "");
      if (signal.aborted || !answer) return;
      found.innerHTML = answer;
      asked = text;
      open(options().length > 0);
      if (step) move(step);
      announcement = setTimeout(() => {
        byId("live").textContent = found.firstElementChild.dataset.say;
      }, SAID_AFTER);
    };

    const move = (step) => {
      const all = options();
      if (found.hidden || !all.length) return;
      const here = all.indexOf(selected());
      const from = here < 0 && step < 0 ? 0 : here;
      select(all.at((from + step) % all.length));
    };

    const choose = (option) => {
      chosen.value = option.dataset.id;
      chosen.disabled = false;
      field.form.requestSubmit();
    };

    field.addEventListener("input", (event) => {
      const isScan = event.timeStamp - lastKey < BY_HAND;
      lastKey = event.timeStamp;
      chosen.disabled = true;
      stop();
      select(null);
      if (field.value.trim()) pause = setTimeout(ask, isScan ? 4 * PAUSE : PAUSE);
      else close();
    });

    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && !event.altKey) {
        if (!found.hidden && field.value === asked) move(step);
        else if (field.value.trim()) ask(step);
      } else if (event.key === "Enter" && selected()) {
        choose(selected());
        // Ctrl+Enter goes on to the review, with what was chosen.
        if (event.ctrlKey) return;
      } else if (event.key === "Escape" && !found.hidden) {
        close();
      } else {
        // Home, End and the like move in the text: Enter means the text again.
        if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) select(null);
        return;
      }
      event.preventDefault();
    });

    // Pressing on an option leaves the focus in the field.
    found.addEventListener("mousedown", (event) => event.preventDefault());
    found.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option);
    });
    field.addEventListener("blur", close);
    field.form.addEventListener("submit", close);
  };

  // A section that was swapped brings a new field.
  htmx.onLoad((content) => {
    content.querySelectorAll("[data-suggest]:not([role])").forEach(make);
  });
}

// --- A draft that several people have open follows what the others do, and never under the hands of
// somebody who types. A tab that nobody sees asks nothing.
{
  const EVERY = 5000;
  const desk = document.querySelector("[data-live]");
  let etag = "";
  // The last change that was said aloud: one that waits for somebody to finish is said once.
  let said = "";
  let next;
  let underway = 0;
  let steps = 0;
  let looking = false;
  let over = false;

  // An answer from before a step of one's own would put the past back on the page.
  document.addEventListener("htmx:beforeSend", () => {
    underway += 1;
    steps += 1;
  });
  document.addEventListener("htmx:afterRequest", () => { underway -= 1; });

  const isUnsaved = (field) => field.type !== "hidden" && field.value !== field.defaultValue;
  // Typed and not saved, or in the middle of a choice.
  const isHeld = (section) => section.querySelector("[data-hold]") !== null
    || [...section.querySelectorAll("input, textarea")].some(isUnsaved);

  // Rows that are as the server drew them: an answer leaves out those that did not change.
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    if (detail.target.id !== "desk-lines") return;
    const rows = [...detail.target.querySelectorAll("[data-row]")]
      .filter((row) => !isHeld(row) && !row.querySelector("[aria-invalid]"));
    detail.parameters.rows = rows.map((row) => row.dataset.row).join(" ");
  });

  const swap = (old, section) => {
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const { selectionStart, selectionEnd } = focused ?? {};
    section.querySelectorAll("[autofocus]").forEach((control) => control.removeAttribute("autofocus"));
    // An undo that is still offered stays.
    section.prepend(...[...old.querySelectorAll("[data-keep]")].map((offer) => offer.cloneNode(true)));
    section.classList.add("changed");
    old.replaceWith(section);
    htmx.process(section);
    htmx.trigger(section, "htmx:load", { elt: section });
    if (!focused) return;
    const control = byId(focused.id) ?? byId("add-text");
    control.focus({ preventScroll: true });
    if (Number.isInteger(selectionStart)) control.setSelectionRange?.(selectionStart, selectionEnd);
  };

  // Swaps what differs; whether all of it could be.
  const follow = (answer) => {
    const changed = [...answer.querySelectorAll("section[data-state]")]
      .map((section) => [byId(section.id), section])
      .filter(([old, section]) => old.dataset.state !== section.dataset.state);
    const free = changed.filter(([old]) => !isHeld(old));
    free.forEach(([old, section]) => swap(old, section));
    return { changed: changed.length > 0, held: free.length < changed.length };
  };

  const say = (sentence, version) => {
    if (said === version) return;
    said = version;
    byId("live").textContent = sentence;
  };

  const look = async () => {
    const before = steps;
    const response = await fetch(desk.dataset.live, { headers: { "If-None-Match": etag } });
    // 304; or signed out meanwhile: the next step leads to the sign-in and back.
    if (!response.ok || response.redirected) return;
    const version = response.headers.get("ETag");
    const answer = new DOMParser().parseFromString(await response.text(), "text/html");
    if (underway || steps !== before) return;
    const gone = answer.querySelector("[data-gone]");
    if (gone) {
      byId("notices").replaceChildren(gone);
      say(gone.textContent, version);
      over = true;
      return;
    }
    const { changed, held } = follow(answer);
    const sentence = answer.querySelector("[data-say]").dataset.say;
    if (changed) say(held ? `${sentence} What you are typing stays.` : sentence, version);
    // What is held is asked for again.
    if (!held) etag = version;
  };

  const watch = async () => {
    clearTimeout(next);
    if (document.hidden || looking || over) return;
    looking = true;
    // A server that is away is said by the next step, which waits for it.
    await look().catch(() => {});
    looking = false;
    if (!over) next = setTimeout(watch, EVERY);
  };

  document.addEventListener("visibilitychange", watch);
  next = setTimeout(watch, EVERY);
}
