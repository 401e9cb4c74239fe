import Web

extension Asset {
  /// The mark of the pages: a road that goes on.
  static let icon = Asset(
    "icon.svg", .icon,
    #"""
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1d242c"/><path d="M8 24c0-6 16-4 16-9 0-4-5-5-9-4" fill="none" stroke="#7fb0f5" stroke-width="3.2" stroke-linecap="round"/><circle cx="11" cy="10.5" r="2.6" fill="#7fb0f5"/></svg>
    """#)

  /// Starts what a page can do without; each part looks for its own marks in the page.
  static let main = Asset(
    "main.js", .module,
    #"""
    import { copying } from "./copy.js";
    import { times } from "./times.js";
    import { keys } from "./keys.js";
    import { session } from "./session.js";
    import { freshness } from "./freshness.js";
    import { peeks } from "./peek.js";
    import { offers } from "./offers.js";
    import { editing } from "./edit.js";
    import { picking } from "./picker.js";
    import { uploading } from "./upload.js";
    import { numbering } from "./numbers.js";

    copying(document);
    times(document);
    keys(document);
    session(document);
    freshness(document);
    peeks(document);
    offers(document);
    uploading(document);
    editing(document);
    picking(document);
    numbering(document);

    """#)

  /// The one policy through which markup may get into a page: fragments that this server wrote.
  static let policy = Asset(
    "policy.js", .module,
    #"""
    const make = (text) => text;
    const policy = window.trustedTypes?.createPolicy("sojourn", { createHTML: make }) ?? { createHTML: make };

    export const fill = (element, fragment) => { element.innerHTML = policy.createHTML(fragment); };

    """#)

  static let status = Asset(
    "status.js", .module,
    #"""
    let timer;

    // Says something once, to eyes and to screen readers.
    export function say(text) {
      const line = document.getElementById("status");
      if (!line) return;
      line.textContent = text;
      clearTimeout(timer);
      timer = setTimeout(() => { line.textContent = ""; }, 4000);
    }

    """#)

  static let copy = Asset(
    "copy.js", .module,
    #"""
    import { say } from "./status.js";

    // Buttons that copy are hidden until a script is there to do it.
    export function copying(root) {
      if (!navigator.clipboard) return;
      for (const button of root.querySelectorAll("button[data-copy], button[data-copy-from]")) button.hidden = false;
      root.addEventListener("click", async (event) => {
        const button = event.target.closest?.("button[data-copy], button[data-copy-from]");
        if (!button) return;
        const source = button.dataset.copyFrom;
        const text = source ? document.getElementById(source)?.textContent : button.dataset.copy;
        try {
          await navigator.clipboard.writeText(text ?? "");
          say("Copied");
        } catch {
          say("The browser does not let this page copy. Select the text and copy it by hand.");
        }
      });
    }

    """#)

  static let times = Asset(
    "times.js", .module,
    #"""
    // Times are UTC and stay so; the reader's own time is added where one looks closer.
    export function times(root) {
      const format = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
      for (const time of root.querySelectorAll("time[datetime]")) {
        if (!time.dateTime.endsWith("Z")) continue;
        const date = new Date(time.dateTime);
        if (!Number.isNaN(date.getTime())) time.title = `Here: ${format.format(date)}`;
      }
    }

    """#)

  static let keys = Asset(
    "keys.js", .module,
    #"""
    const rows = () => [...document.querySelectorAll("table.data tbody th a:first-child")];

    function move(by) {
      const links = rows();
      if (!links.length) return;
      const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
      const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1);
      links[next].focus();
    }

    function help() {
      const dialog = document.getElementById("keys");
      if (dialog && !dialog.open) dialog.showModal();
    }

    const acts = {
      "/": () => { const jump = document.getElementById("jump"); jump?.focus(); jump?.select(); },
      "j": () => move(1),
      "k": () => move(-1),
      "e": () => document.querySelector("a[data-key=e]")?.click(),
      "n": () => document.querySelector("a[data-key=n]")?.click(),
      "?": help,
    };

    const isInput = (element) => element.isContentEditable || /^(input|select|textarea)$/i.test(element.tagName);

    // Single letters are dead in inputs and can be switched off.
    export function keys(root) {
      root.addEventListener("click", (event) => event.target.closest?.("dialog [data-close]")?.closest("dialog").close());
      if (root.documentElement.dataset.keys === "off") return;
      root.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isInput(event.target)) return;
        if (document.querySelector("dialog[open]")) return;
        const act = acts[event.key];
        if (!act) return;
        event.preventDefault();
        act();
      });
    }

    """#)

  static let session = Asset(
    "session.js", .module,
    #"""
    const warning = 120_000;

    // Before a session ends, the page says so while there is time to stay.
    export function session(root) {
      const text = root.documentElement.dataset.sessionEnds;
      const dialog = root.getElementById("session");
      if (!text || !dialog) return;
      let ends = Date.parse(text);
      const look = () => {
        const left = ends - Date.now();
        if (left > warning) return setTimeout(look, Math.min(left - warning, 0x7fffffff));
        if (left > 0 && !dialog.open) dialog.showModal();
      };
      dialog.querySelector("button")?.addEventListener("click", async () => {
        const answer = await fetch(location.href, { method: "HEAD", cache: "no-store", redirect: "manual" });
        const until = answer.headers.get("X-Session-Ends");
        dialog.close();
        if (answer.ok && until) { ends = Date.parse(until); look(); }
      });
      look();
    }

    """#)

  static let freshness = Asset(
    "freshness.js", .module,
    #"""
    import { say } from "./status.js";

    // A page that the browser took out of its memory may be old: a form on it says so.
    export function freshness(root) {
      window.addEventListener("pageshow", (event) => {
        if (event.persisted && root.querySelector("main form[method=post]")) {
          say("This page was open before. Load it again to see what has changed since.");
        }
      });
    }

    """#)

  static let peek = Asset(
    "peek.js", .module,
    #"""
    import { fill } from "./policy.js";

    const delay = 500;
    let timer, card, owner;

    function hide() {
      clearTimeout(timer);
      card?.remove();
      card = owner = undefined;
    }

    async function show(link) {
      const answer = await fetch(`${link.href}/peek`, { cache: "no-store" });
      if (!answer.ok || owner !== link) return;
      const page = document.createElement("template");
      fill(page, await answer.text());
      const peek = page.content.getElementById("peek");
      if (!peek || owner !== link) return;
      peek.classList.add("peek");
      peek.removeAttribute("id");
      const at = link.getBoundingClientRect();
      document.body.append(peek);
      peek.style.left = `${Math.max(8, Math.min(at.left, innerWidth - peek.offsetWidth - 8))}px`;
      const below = at.bottom + 4 + peek.offsetHeight < innerHeight;
      peek.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - peek.offsetHeight - 4)}px`;
      peek.addEventListener("mouseleave", hide);
      card = peek;
    }

    function wait(link) {
      if (owner === link) return;
      hide();
      owner = link;
      timer = setTimeout(() => show(link), delay);
    }

    // A look at the object at the end of a relationship, by pointer or focus, until it is left or Escape is pressed.
    export function peeks(root) {
      const linkOf = (event) => event.target.closest?.("table.data td a[data-object]");
      for (const name of ["mouseover", "focusin"]) {
        root.addEventListener(name, (event) => { const link = linkOf(event); if (link) wait(link); });
      }
      root.addEventListener("mouseout", (event) => { if (linkOf(event) && !card?.contains(event.relatedTarget)) hide(); });
      root.addEventListener("focusout", (event) => { if (linkOf(event)) hide(); });
      root.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
      window.addEventListener("scroll", hide, { capture: true, passive: true });
    }

    """#)

  static let all = AssetFolder([
    style, icon, main, policy, status, copy, times, keys, session, freshness, peek, offers, edit, picker, upload,
    numbers,
  ])
}
