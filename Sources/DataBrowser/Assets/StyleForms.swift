extension StyleText {
  /// Buttons, inputs and forms.
  static let forms = #"""
    .button, button { font: inherit; font-size: var(--text-m); font-weight: 550; line-height: 1.25rem; min-height: 2.125rem;
      padding: .375rem .875rem; border-radius: var(--radius); border: 1px solid var(--line-2); background: var(--surface);
      color: var(--ink); cursor: pointer; display: inline-flex; align-items: center; justify-content: center; gap: .4375rem;
      text-decoration: none; }
    .button:hover, button:hover { background: var(--sunken); color: var(--ink); text-decoration: none; }
    .button.main, button.main { background: var(--link); border-color: var(--link); color: #fff; }
    .button.main:hover, button.main:hover { background: var(--link-2); border-color: var(--link-2); }
    :root[data-look="dark"] .button.main, :root[data-look="dark"] button.main { color: #0c1a2d; }
    @media (prefers-color-scheme: dark) {
      :root:not([data-look="light"]) .button.main, :root:not([data-look="light"]) button.main { color: #0c1a2d; }
    }
    .button.quiet, button.quiet { border-color: transparent; background: transparent; color: var(--link); padding-inline: .5rem; }
    .button.quiet:hover, button.quiet:hover { background: var(--mark); }
    .button.small, button.small { min-height: 1.75rem; padding: .125rem .5rem; font-size: var(--text-s); }
    .button[aria-disabled], button:disabled { color: var(--hush); border-color: var(--line); cursor: default; background: transparent; }
    input, select, textarea { font: inherit; font-size: var(--text-m); color: var(--ink); background: var(--surface);
      border: 1px solid var(--line-2); border-radius: var(--radius); padding: .375rem .625rem; min-height: 2.125rem; max-width: 100%; }
    textarea { width: 100%; line-height: 1.5; }
    input[type="checkbox"], input[type="radio"] { min-height: 0; width: 1.125rem; height: 1.125rem; margin: 0; padding: 0;
      accent-color: var(--link); flex: none; }
    input::placeholder, textarea::placeholder { color: var(--hush); opacity: 1; }
    [aria-invalid="true"] { border-color: var(--bad); border-width: 2px; }
    label { font-weight: 550; }
    label.choice, .choice label { font-weight: 400; display: inline-flex; gap: .5rem; align-items: center; min-height: 1.75rem; }
    fieldset { border: 0; padding: 0; margin: 0; min-width: 0; }
    fieldset > label.choice { margin-right: 1.25rem; }
    legend { font-weight: 600; padding: 0; }
    fieldset.choices { border: 1px solid var(--line); padding: .875rem 1rem; display: grid; gap: .5rem; }
    fieldset.choices > legend { float: left; width: 100%; }
    .field.told > .hint { padding-left: 1.625rem; }
    .field { display: grid; gap: .25rem; justify-items: start; align-content: start; }
    .field > .hint { color: var(--ink-2); font-size: var(--text-s); }
    .field > .wrong, .wrong { color: var(--bad); font-size: var(--text-s); font-weight: 550; }
    .field > input, .field > select, .field > textarea { width: 100%; max-width: 32rem; }
    .field.changed { border-left: 3px solid var(--link); padding-left: .625rem; margin-left: -.8125rem; }
    .field > .document, .field > .numbered { max-width: none; width: 100%; }
    .field > .related { width: 100%; max-width: 32rem; flex-wrap: nowrap; }
    .field > .related > input { flex: 1; min-width: 0; }
    .field > .hint + .wrong { margin-top: .125rem; }
    .conflict { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem .75rem; margin: 0; padding: .625rem .75rem;
      background: var(--sunken); border-radius: var(--radius); width: 100%; max-width: 32rem; }
    .conflict > dt { color: var(--ink-2); } .conflict > dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
    .picker > div { display: grid; gap: .75rem; width: min(32rem, 80vw); }
    .picker ul { max-height: 50vh; overflow: auto; }
    .inline { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
    .inline form { display: contents; }
    .search { display: flex; gap: .5rem; flex: 1 1 min(18rem, 100%); max-width: 30rem; min-width: 0; }
    .search input { flex: 1; min-width: 0; }
    .filters { display: grid; gap: .75rem; }
    .filter-row { display: grid; gap: .5rem; grid-template-columns: minmax(0, 1fr); padding: .75rem; border: 1px solid var(--line);
      border-radius: var(--radius); background: var(--sunken); }
    .filter-row > * { min-width: 0; }
    .filter-row select, .filter-row input:not([type="checkbox"]), .filter-row textarea { width: 100%; }
    @media (min-width: 48rem) { .filter-row { grid-template-columns: minmax(0, 2fr) minmax(0, 1.5fr) minmax(0, 3fr); align-items: start; } }
    .filter-row .stack { gap: .5rem; justify-items: start; }
    .filter-row .stack > * { max-width: 100%; }
    .filter-row .stack > .field { width: 100%; }
    .filter-row > strong { line-height: 2.125rem; overflow-wrap: anywhere; }
    .filter-row > .joins { grid-column: 1 / -1; }
    .options.choice { gap: .25rem 1.25rem; padding: .1875rem 0; }
    .order { list-style: none; padding: 0; display: grid; gap: .25rem; }
    .order > li { display: flex; gap: .75rem; align-items: center; padding: .25rem .5rem; border-radius: var(--radius); }
    .order > li:nth-child(odd) { background: var(--sunken); }
    .order input[type="text"] { width: 4.5rem; text-align: right; }
    details > summary { cursor: pointer; min-height: 1.75rem; }
    @media (forced-colors: active) {
      .button, button, .card, .tag, .chip, .environment, .option { border: 1px solid CanvasText; }
      .environment::before { background: CanvasText; forced-color-adjust: none; }
      .side li a[aria-current], .tabs a[aria-current] { outline: 2px solid Highlight; outline-offset: -2px; }
    }

    """#
}
