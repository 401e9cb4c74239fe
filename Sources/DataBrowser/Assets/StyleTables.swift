extension StyleText {
  /// Tables, their cells, bars and chips.
  static let tables = #"""
    .region { overflow: auto; position: relative; max-height: max(24rem, calc(100vh - 13rem)); scroll-padding: 3.25rem 1rem 1rem 14rem;
      border-radius: 0 0 8px 8px; }
    .region.free { max-height: none; }
    .region:first-child { border-radius: 8px; }
    .region:focus-visible { outline-offset: -2px; }
    table { border-collapse: separate; border-spacing: 0; width: 100%; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; vertical-align: top; padding: .4375rem .75rem; border-bottom: 1px solid var(--line); }
    tr > :first-child { padding-left: 1rem; }
    tr > :last-child { padding-right: 1rem; }
    tbody tr:last-child > * { border-bottom: 0; }
    thead th { position: sticky; top: 0; background: var(--surface); z-index: 2; font-weight: 600; font-size: var(--text-s);
      vertical-align: top; border-bottom: 1px solid var(--line-2); color: var(--ink-2); line-height: 1.25rem; }
    .data thead th { max-width: 12rem; min-width: 6.5rem; text-wrap: balance; }
    tbody th { font-weight: 500; }
    thead th a { color: inherit; text-decoration: none; display: inline-flex; gap: .375rem; align-items: flex-start; min-height: 1.5rem; }
    thead th a .icon { margin-top: .1875rem; }
    thead th a:hover { color: var(--link); text-decoration: underline; }
    thead th[aria-sort] { color: var(--ink); }
    thead th .type { display: block; font-weight: 400; color: var(--hush); font-size: .75rem; line-height: 1.2; }
    thead th .tools { display: flex; gap: 1rem; font-size: .75rem; font-weight: 400; }
    thead th .tools a { min-height: 1.5rem; align-items: center; color: var(--hush); white-space: nowrap; }
    thead th .tools a + a { position: relative; }
    thead th .tools a + a::before { content: ""; position: absolute; left: -.5rem; height: .75rem; border-left: 1px solid var(--line-2); }
    .number .tools { justify-content: flex-end; }
    .data tbody th { font-weight: 500; }
    .data tbody th, .data thead th:first-child { position: sticky; left: 0; background: var(--surface);
      border-right: 1px solid var(--line); z-index: 1; }
    .data thead th:first-child { z-index: 3; }
    .data tbody th { min-width: 10rem; max-width: 22rem; }
    .data td { max-width: 24rem; }
    .data tbody tr:hover > * { background: color-mix(in srgb, var(--mark) 45%, var(--surface)); }
    .data tbody tr:focus-within > * { background: var(--mark); }
    .data tbody th a { display: inline-block; min-height: 1.5rem; width: max-content; max-width: 20rem; }
    .data tbody th:has(.more) { padding-right: 2.25rem; }
    .data tbody th a.more { position: absolute; top: .3125rem; right: .375rem; min-width: 1.5rem; width: auto; text-align: center;
      text-decoration: none; color: var(--hush); border-radius: 4px; }
    .data tbody th a.more:hover, .data tbody th a.more:focus-visible { color: var(--link); background: var(--sunken); }
    .offering tbody td { cursor: context-menu; }
    dialog.values { width: min(44rem, calc(100vw - 2rem)); max-width: none; }
    dialog.values .fields th { width: 11rem; }
    dialog.values .card { border: 0; box-shadow: none; margin: 0 0 1rem; }
    .cell { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; line-clamp: 3; overflow: hidden;
      overflow-wrap: anywhere; white-space: pre-line; min-width: 4rem; width: max-content; max-width: 20rem; }
    td.number, th.number { text-align: right; }
    td.nowrap { white-space: nowrap; }
    .null { color: var(--hush); font-style: italic; font-size: var(--text-s); }
    .blank { color: var(--hush); border: 1px dashed var(--line-2); border-radius: 4px; padding: 0 .375rem; font-size: var(--text-s); }
    .dangling { color: var(--bad); }
    .masked { letter-spacing: .15em; color: var(--ink-2); }
    .option { display: inline-block; background: var(--sunken); border: 1px solid var(--line); border-radius: 4px; padding: 0 .4375rem;
      line-height: 1.375rem; }
    .option.removed { border-style: dashed; color: var(--warn); }
    .options { display: flex; flex-wrap: wrap; gap: .25rem; }
    .fields { width: 100%; }
    .fields th { width: 15rem; font-weight: 500; background: none; padding-left: 1rem; }
    .fields td:last-child { padding-right: 1rem; }
    .fields tr:first-child > * { border-top: 1px solid var(--line); }
    .fields td.tools { width: 10rem; white-space: nowrap; text-align: right; }
    .fields td.tools a { display: inline-block; min-height: 1.5rem; margin-left: .5rem; color: var(--hush); font-size: .75rem;
      line-height: 1.5rem; text-decoration: none; }
    .fields td.tools a:hover, .fields td.tools a:focus-visible { color: var(--link); text-decoration: underline; }
    .picture { max-width: 200px; height: auto; border-radius: 4px; border: 1px solid var(--line); display: block; }
    .thumbnail { display: block; width: 40px; height: 40px; object-fit: cover; border-radius: 4px; border: 1px solid var(--line); }
    .fields th .type { display: block; font-weight: 400; color: var(--hush); font-size: var(--text-s); }
    .fields td .long { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; overflow: auto; display: block; }
    @media (max-width: 40rem) {
      .fields, .fields tbody, .fields tr, .fields th, .fields td { display: block; width: auto; }
      .fields th { padding-bottom: 0; border-bottom: 0; }
      .fields th .type { display: inline; margin-left: .5rem; }
      .fields td { padding-left: 1rem; }
      .fields tr { border-bottom: 1px solid var(--line); padding: .25rem 0; }
      .fields tr > *, .fields tr:first-child > * { border: 0; }
      .fields td.tools { width: auto; text-align: left; padding-top: 0; }
      .fields td.tools a { margin: 0 1rem 0 0; }
      .data thead th { min-width: 5rem; }
      .data tbody th { min-width: 8rem; max-width: 11rem; }
      .data tr > * { padding-inline: .625rem; }
      thead th .tools { flex-direction: column; gap: 0; }
      thead th .tools a + a::before { display: none; }
      .number .tools { align-items: flex-end; }
      .data tbody th a { max-width: min(8.5rem, 36vw); }
      .region { scroll-padding-left: 9rem; max-height: none; }
    }
    @media (max-width: 40rem) {
      .stacked, .stacked tbody, .stacked tr, .stacked th, .stacked td { display: block; }
      .stacked thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
      .stacked tr { border-bottom: 1px solid var(--line); padding: .5rem 1rem; position: relative; }
      .stacked tbody tr:last-child { border-bottom: 0; }
      .stacked tr > *, .stacked tr > :first-child, .stacked tr > :last-child, .stacked td.number { border: 0; padding: .125rem 0;
        text-align: left; white-space: normal; overflow-wrap: anywhere; }
      .stacked td[data-head], .stacked tr > td[data-head]:last-child { position: relative; padding-left: 7.5rem; min-height: 1.75rem; }
      .stacked td[data-head]::before { content: attr(data-head); position: absolute; left: 0; width: 7rem; color: var(--ink-2);
        font-size: var(--text-s); line-height: 1.375rem; }
      .stacked td:empty { display: none; }
      .stacked td:not([data-head]):first-child { position: absolute; top: .5rem; right: 1rem; }
    }
    .bar { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; padding: .625rem 1rem; }
    .bar + .region { border-top: 1px solid var(--line); border-radius: 0; }
    .region + .bar { border-top: 1px solid var(--line); }
    .pager { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
    .chips { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; align-items: center; }
    .chip { display: inline-flex; align-items: stretch; background: var(--mark); border: 1px solid var(--line); border-radius: 99px;
      font-size: var(--text-s); max-width: 100%; }
    .chip > span { padding: .25rem .25rem .25rem .75rem; overflow-wrap: anywhere; }
    .chip > span:last-child { padding-right: .75rem; }
    .chip > a { display: grid; place-items: center; min-width: 1.75rem; min-height: 1.75rem; text-decoration: none; color: var(--ink-2);
      border-radius: 99px; }
    .chip > a:hover { background: var(--bad-ground); color: var(--bad); }

    """#
}
