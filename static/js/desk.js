"use strict";
// What the desk has beyond the other pages.

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
