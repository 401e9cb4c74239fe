import Web

extension Asset {
  /// «Only these» and «not these» where the cell stands, instead of on the page of the row's values.
  static let offers = Asset(
    "offers.js", .module,
    #"""
    import { fill } from "./policy.js";

    // A second click selects a word; only a click that stays alone is meant for the cell.
    const patience = 250;
    let timer;

    function dialogOf(root) {
      const dialog = root.createElement("dialog");
      dialog.className = "values";
      const close = root.createElement("button");
      close.type = "button";
      close.textContent = "Close";
      close.addEventListener("click", () => dialog.close());
      dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
      dialog.addEventListener("close", () => dialog.remove());
      dialog.append(close);
      return dialog;
    }

    // The values of the row, or the one of a cell. What goes wrong leads to the page itself, which says it.
    async function open(root, link, field) {
      const answer = await fetch(link.href, { cache: "no-store" }).catch(() => undefined);
      const page = root.createElement("template");
      if (answer?.ok) fill(page, await answer.text());
      const values = page.content.getElementById("values");
      if (!values) { location.href = link.href; return; }
      if (root.querySelector("dialog[open]")) return;
      values.removeAttribute("id");
      if (field) for (const row of values.querySelectorAll("tr")) if (row.dataset.field !== field) row.remove();
      const dialog = dialogOf(root);
      dialog.setAttribute("aria-label", values.getAttribute("aria-label"));
      dialog.prepend(values);
      root.body.append(dialog);
      dialog.showModal();
      (values.querySelector("td.tools a") ?? dialog.lastChild).focus();
    }

    export function offers(root) {
      for (const table of root.querySelectorAll("table.data")) table.classList.add("offering");
      root.addEventListener("click", (event) => {
        clearTimeout(timer);
        if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        const link = event.target.closest?.("table.data tbody a.more");
        if (link) {
          event.preventDefault();
          open(root, link);
          return;
        }
        const cell = event.target.closest?.("table.data tbody td");
        if (!cell || event.detail > 1 || event.target.closest("a, button, input, label, select, summary")) return;
        const more = cell.parentElement.querySelector("a.more");
        const field = cell.closest("table").tHead?.rows[0].cells[cell.cellIndex]?.dataset.field;
        if (!more || !field) return;
        timer = setTimeout(() => { if (getSelection().isCollapsed) open(root, more, field); }, patience);
      });
    }

    """#)
}
