import Web

/// Modules of forms: what a form can do without.
extension Asset {
  static let edit = Asset(
    "edit.js", .module,
    #"""
    // As inputs have it: they drop the seconds of a full minute, and know one line end.
    const normal = (text) => text.replace(/\r\n?/g, "\n").replace(/^(\d{4,}-\d\d-\d\dT\d\d:\d\d):00$/, "$1");

    const isChanged = (input) => {
      if (input.type === "checkbox" || input.type === "radio") return input.checked !== input.defaultChecked;
      if (input.type === "file") return input.files.length > 0;
      if (input.type === "hidden" || input.type === "submit") return false;
      if (input.options) return [...input.options].some((option) => option.selected !== option.defaultSelected);
      return normal(input.value) !== normal(input.defaultValue);
    };

    // Fields that were changed are marked, and the window is not left without a question; Ctrl+S saves.
    export function editing(root) {
      const form = root.querySelector("form[data-edit]");
      if (!form) return;
      const isUnsaved = form.dataset.edit === "unsaved";
      const note = root.getElementById("unsaved");
      let count = 0, isSending = false;
      const look = () => {
        count = 0;
        for (const field of form.querySelectorAll(".field")) {
          const changed = [...field.querySelectorAll("input, select, textarea")].some(isChanged);
          field.classList.toggle("changed", changed);
          if (changed) count += 1;
        }
        const text = count ? (count === 1 ? "1 field not saved" : `${count} fields not saved`) : "";
        if (note && note.textContent !== text) note.textContent = text;
      };
      form.addEventListener("input", look);
      form.addEventListener("change", look);
      form.addEventListener("submit", (event) => { isSending = !event.defaultPrevented; });
      window.addEventListener("beforeunload", (event) => {
        if (!isSending && (count || isUnsaved)) event.preventDefault();
      });
      window.addEventListener("pageshow", () => { isSending = false; look(); });
      root.addEventListener("keydown", (event) => {
        if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
        event.preventDefault();
        if (!root.querySelector("dialog[open]")) form.requestSubmit(form.querySelector("button.main"));
      });
    }

    """#)

  static let picker = Asset(
    "picker.js", .module,
    #"""
    import { fill } from "./policy.js";

    const most = 10;
    const delay = 200;

    const element = (name, properties = {}, ...children) => {
      const made = Object.assign(document.createElement(name), properties);
      made.append(...children);
      return made;
    };

    // The hits of the page that does the same without a script.
    async function find(address, text, signal) {
      const url = new URL(address, location.href);
      url.searchParams.set("text", text);
      const answer = await fetch(url, { cache: "no-store", signal });
      if (!answer.ok) return undefined;
      const page = document.createElement("template");
      fill(page, await answer.text());
      return [...page.content.querySelectorAll("main ul.rows li")].slice(0, most).map((line) => ({
        id: line.querySelector("code")?.textContent ?? "", display: line.querySelector("a")?.textContent ?? "",
      }));
    }

    function open(box, title) {
      const input = box.querySelector("input");
      const search = element("input", { type: "search", autocomplete: "off", ariaLabel: title });
      const list = element("ul", { className: "rows" });
      const state = element("p", { className: "hush small", role: "status" });
      const close = element("button", { type: "button", textContent: "Close" });
      const clear = element("button", { type: "button", textContent: "No object" });
      const dialog = element("dialog", { className: "picker", ariaLabel: title },
        element("div", {}, element("h2", { textContent: title }), search, list, state,
          element("div", { className: "actions" }, clear, close)));
      const take = (id, display) => {
        input.value = id;
        const name = document.getElementById(`${input.id}-name`);
        if (name) name.textContent = display;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        dialog.close();
      };
      let timer, asked;
      const look = async () => {
        asked?.abort();
        asked = new AbortController();
        try {
          const hits = await find(box.dataset.pick, search.value, asked.signal);
          list.replaceChildren(...(hits ?? []).map((hit) => {
            const button = element("button", { type: "button", className: "quiet", textContent: hit.display });
            button.addEventListener("click", () => take(hit.id, hit.display));
            return element("li", {}, button, element("code", { className: "hush small", textContent: hit.id }));
          }));
          state.textContent = !hits ? "It cannot be searched now." : hits.length ? "" : "No object holds this text.";
        } catch (error) {
          if (error.name !== "AbortError") state.textContent = "The server does not answer.";
        }
      };
      search.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(look, delay); });
      search.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        list.querySelector("button")?.click();
      });
      clear.addEventListener("click", () => take("", "Empty is no value."));
      close.addEventListener("click", () => dialog.close());
      dialog.addEventListener("close", () => { clearTimeout(timer); asked?.abort(); dialog.remove(); input.focus(); });
      document.body.append(dialog);
      dialog.showModal();
      look();
    }

    // Finds the object at the end of a relationship in a dialog, without leaving the form.
    export function picking(root) {
      root.addEventListener("click", (event) => {
        const button = event.target.closest?.(".related[data-pick] button");
        if (!button) return;
        event.preventDefault();
        open(button.closest(".related"), button.textContent.trim());
      });
    }

    """#)

  static let numbers = Asset(
    "numbers.js", .module,
    #"""
    // The lines of a document that is typed have numbers beside them, as errors name them.
    export function numbering(root) {
      for (const area of root.querySelectorAll(".numbered > textarea")) {
        const numbers = root.createElement("pre");
        numbers.setAttribute("aria-hidden", "true");
        let count = 0;
        const follow = () => { numbers.scrollTop = area.scrollTop; };
        const draw = () => {
          let lines = 1;
          for (let at = area.value.indexOf("\n"); at >= 0; at = area.value.indexOf("\n", at + 1)) lines += 1;
          if (lines !== count) numbers.textContent = Array.from({ length: lines }, (_, index) => index + 1).join("\n");
          count = lines;
          follow();
        };
        area.after(numbers);
        area.addEventListener("input", draw);
        area.addEventListener("scroll", follow, { passive: true });
        window.addEventListener("pageshow", draw);
        draw();
      }
    }

    """#)

  static let upload = Asset(
    "upload.js", .module,
    #"""
    import { say } from "./status.js";

    // Before files are sent, a small request asks whether the form would be taken: on a slow line the answer to the form
    // itself shows only when all of it was sent.
    export function uploading(root) {
      const form = root.querySelector("form[data-edit][enctype='multipart/form-data']");
      if (!form) return;
      let isAsked = false;
      form.addEventListener("submit", async (event) => {
        const files = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
        if (!files || isAsked) return;
        event.preventDefault();
        const question = new URLSearchParams({ ticket: form.elements.ticket.value, do: "ask" });
        try {
          const answer = await fetch(form.action, { method: "POST", body: question, redirect: "manual" });
          if (answer.status === 204) {
            isAsked = true;
            say("Sending files");
            form.requestSubmit(event.submitter ?? undefined);
            return;
          }
          say("Your session has ended, or this form is too old. Sign in in another tab, then save again.");
        } catch {
          say("The server does not answer. Nothing was saved.");
        }
      }, { capture: true });
      window.addEventListener("pageshow", () => { isAsked = false; });
    }

    """#)
}
