"use strict";
// What lists do beyond links and forms. Without this file every page still works.

// --- Selecting: all rows of a page with one key, and how many they are.
{
  const boxes = () => [...document.querySelectorAll(".bulk tbody [name=order]")];

  const count = () => {
    const all = document.querySelector("[data-select-all]");
    if (!all) return "";
    const number = boxes().filter((box) => box.checked).length;
    all.checked = number > 0 && number === boxes().length;
    all.indeterminate = number > 0 && !all.checked;
    const words = number ? `${number} selected` : "None selected";
    document.querySelector("[data-count]").textContent = words;
    return words;
  };

  document.addEventListener("change", ({ target }) => {
    if (!target.closest(".bulk")) return;
    if (target.matches("[data-select-all]")) boxes().forEach((box) => { box.checked = target.checked; });
    document.getElementById("live").textContent = count();
  });
  document.addEventListener("htmx:afterSettle", count);
  // After Back the browser ticks the boxes again.
  window.addEventListener("pageshow", count);
}

// --- Refreshing: the part named by data-refresh is asked for again and again, and swapped when it
// changed: never in a hidden tab, never under the hands of somebody who types or selects.
{
  const SECONDS = 15;
  const holder = document.querySelector("[data-refresh]");
  const follow = document.querySelector("[data-follow]");
  const part = () => document.getElementById(holder.dataset.refresh);
  let seen = {};
  let asking = false;
  let typed = "";

  // What stands in the fields that people type into.
  const fields = () => [...document.querySelectorAll("main :is(input:not([type=hidden], [type=checkbox]), select, textarea)")]
    .map((field) => field.value).join("\n");

  const isInUse = () => document.hidden || !follow.checked || fields() !== typed
    || document.querySelector(".htmx-request") !== null
    || part().querySelector("input:checked") !== null
    || (!getSelection().isCollapsed && part().contains(getSelection().anchorNode));

  // A control keeps its name when its row moves.
  const nameOf = (element) => [element.closest("tr")?.querySelector("th a")?.href,
    element.getAttribute("href"), element.name, element.value].join(" ");
  const same = (element) => element.innerHTML.replace(/\s+/g, " ").trim();

  const swap = (fresh) => {
    const old = part();
    const focused = old.contains(document.activeElement) ? nameOf(document.activeElement) : null;
    const across = [...old.querySelectorAll(".scroll")].map((box) => box.scrollLeft);
    const { scrollX, scrollY } = window;
    old.replaceChildren(...fresh.childNodes);
    old.querySelectorAll(".scroll").forEach((box, index) => { box.scrollLeft = across[index] ?? 0; });
    if (focused !== null) {
      const again = [...old.querySelectorAll("a, button, input")].find((each) => nameOf(each) === focused);
      (again ?? document.getElementById("main")).focus({ preventScroll: true });
    }
    window.scrollTo(scrollX, scrollY);
  };

  const ask = async (url) => {
    const headers = { "HX-Request": "true", "HX-Current-URL": url };
    if (seen.url === url) headers["If-None-Match"] = seen.etag;
    const answer = await fetch(url, { headers, cache: "no-store", signal: AbortSignal.timeout(10_000) });
    // Signed out, or may not see it any more: nothing more is asked for.
    if (answer.headers.has("HX-Redirect") || answer.redirected || (answer.status >= 400 && answer.status < 500)) stop();
    if (answer.status !== 200 || answer.headers.has("HX-Redirect")) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(holder.dataset.refresh);
    // Somebody may have begun meanwhile; then the next answer counts.
    if (!fresh || url !== location.href || isInUse()) return;
    fresh.querySelectorAll("[hx-swap-oob]").forEach((other) => other.remove());
    seen = { url, etag: answer.headers.get("ETag") };
    if (same(fresh) !== same(part())) swap(fresh);
  };

  const refresh = async () => {
    if (asking || isInUse()) return;
    asking = true;
    // Offline, or a server that is away: the next one may be answered.
    await ask(location.href).catch(() => {});
    asking = false;
  };

  const whenShown = () => { if (!document.hidden) refresh(); };
  const stop = () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", whenShown);
  };
  const timer = holder && setInterval(refresh, SECONDS * 1000);
  if (holder) {
    document.addEventListener("visibilitychange", whenShown);
    window.addEventListener("pageshow", () => { typed = fields(); });
    // What a filter has sent is not unsaved any more.
    document.addEventListener("htmx:beforeRequest", () => { typed = fields(); });
    follow.checked = localStorage.getItem("refresh") !== "off";
    follow.addEventListener("change", () => {
      localStorage.setItem("refresh", follow.checked ? "on" : "off");
      refresh();
    });
  }
}
