"use strict";
// The pickers of the desk: fields for a customer and a line that suggest while one types.

// --- The pickers: WAI-ARIA's editable combobox with list autocomplete. Nothing is selected
// until an arrow key says so: plain Enter sends what was typed, and the server resolves it. Where that
// is unclear, the server's choices become the same list, and the text is back in the field.
{
  // Milliseconds without a key before the server is asked. A scanner ends with Enter before that,
  // so a scan asks nothing; after a key that no hand follows up so fast, a busy page waits longer.
  const PAUSE = 150;
  // Milliseconds between two keys that only a scanner keeps below.
  const BY_HAND = 35;
  // Fewer keys than this may be rolled by a hand.
  const SHORTEST_SCAN = 4;
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
    // What a scanner may be typing, and what stood in the field before.
    let burst = "";
    let before = "";
    // The text that the server found unclear, and the choices that wait for a free field.
    let unclear;
    const waiting = [];

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
      // The section that it lies in does not follow others meanwhile.
      found.toggleAttribute("data-hold", isOpen);
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

    // What is typed goes on in the field, after the text that the choices are for.
    const present = () => {
      if (!waiting.length || (field.value && field.value !== waiting[0].dataset.text)) return;
      const choices = waiting.shift();
      stop();
      found.replaceChildren(...choices.querySelectorAll(".choices, .hint"));
      turnIntoListbox(found.firstElementChild);
      field.value = asked = unclear = choices.dataset.text;
      open(true);
      // Never taken from somebody who types elsewhere by now.
      if (!isTyping(document.activeElement)) field.focus();
      field.setSelectionRange(asked.length, asked.length);
    };

    field.addEventListener("shop:choices", ({ detail }) => {
      waiting.push(detail);
      detail.remove();
      // What is unclear is looked at first.
      afterwards = [];
      present();
    });

    const isScan = (event) => !found.hidden && burst.length >= SHORTEST_SCAN
      && event.timeStamp - lastKey < BY_HAND;

    // While a list is open, a scan is a line: it is no part of what was typed.
    const takeScan = () => {
      const code = burst;
      burst = "";
      const isForLines = field.id === "add-text";
      field.value = isForLines ? "" : before;
      if (isForLines) close();
      else stop();
      addLine({ text: code });
      present();
    };

    const choose = (option) => {
      chosen.value = option.dataset.id;
      chosen.disabled = false;
      field.form.requestSubmit();
    };

    field.addEventListener("beforeinput", (event) => {
      if (event.timeStamp - lastKey < BY_HAND) return;
      burst = "";
      before = field.value;
    });

    field.addEventListener("input", (event) => {
      const isQuick = event.timeStamp - lastKey < BY_HAND;
      lastKey = event.timeStamp;
      burst += event.data ?? "";
      chosen.disabled = true;
      stop();
      select(null);
      if (field.value.trim()) pause = setTimeout(ask, isQuick ? 4 * PAUSE : PAUSE);
      else close();
      present();
    });

    field.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && !event.altKey) {
        if (!found.hidden && field.value === asked) move(step);
        else if (field.value.trim()) ask(step);
      } else if (event.key === "Enter" && isScan(event)) {
        takeScan();
      } else if (event.key === "Enter" && selected()) {
        choose(selected());
        // Ctrl+Enter goes on to the review, with what was chosen.
        if (event.ctrlKey) return;
      } else if (event.key === "Enter" && !event.ctrlKey && !found.hidden && field.value === unclear) {
        // The same again would be as unclear: the first choice is offered, and the next Enter takes it.
        move(1);
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
    // What was unclear before comes when this has left the field.
    field.form.addEventListener("submit", () => {
      burst = "";
      close();
      setTimeout(present);
    });
  };

  const turnIntoListbox = (list) => {
    list.id = `${list.querySelector("button").name}-choices`;
    list.setAttribute("role", "listbox");
    list.querySelectorAll("li").forEach((item) => item.setAttribute("role", "presentation"));
    list.querySelectorAll("button").forEach((button) => {
      Object.assign(button, { id: `${list.id}-${button.value}`, type: "button", tabIndex: -1 });
      button.dataset.id = button.value;
      button.setAttribute("role", "option");
      button.setAttribute("aria-selected", "false");
    });
  };

  // A section that was swapped brings a new field, or the choices for one.
  htmx.onLoad((content) => {
    content.querySelectorAll("[data-suggest]:not([role])").forEach(make);
    content.querySelectorAll("[data-choices]").forEach((choices) => {
      byId(choices.dataset.choices).dispatchEvent(new CustomEvent("shop:choices", { detail: choices }));
    });
  });

  // What is typed while the customer is being looked for goes on where the answer leads: in the field
  // that is asked again, or in the next one.
  let typedOn;

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const field = detail.requestConfig.elt.querySelector?.("#customer-text");
    const sent = detail.requestConfig.parameters.text;
    typedOn = detail.shouldSwap && field && field.value !== sent ? { whole: field.value, sent } : null;
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!typedOn) return;
    const { whole, sent } = typedOn;
    typedOn = null;
    const asked = byId("customer-text");
    const field = asked ?? byId("add-text");
    field.value = asked ? whole : field.value + (whole.startsWith(sent) ? whole.slice(sent.length) : whole);
    field.dispatchEvent(new Event("input"));
  });
}
