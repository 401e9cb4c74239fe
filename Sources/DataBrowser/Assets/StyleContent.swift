extension StyleText {
  /// Cards, lists, notices, dialogs.
  static let content = #"""
    .heading { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; }
    .heading > div:first-child { display: grid; gap: .25rem; min-width: 0; }
    .heading h1 { overflow-wrap: anywhere; }
    .actions { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
    .card { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; box-shadow: var(--shadow); min-width: 0; }
    .card > h2, .card > .cap { padding: .875rem 1rem .625rem; }
    .card > .cap { display: flex; justify-content: space-between; gap: .5rem 1rem; align-items: baseline; flex-wrap: wrap; }
    .card > .inside { padding: 0 1rem 1rem; }
    .card > h2 + .inside, .card > .cap + .inside { padding-top: 0; }
    .card > .inside:first-child { padding-top: 1rem; }
    .stack { display: grid; gap: .75rem; grid-template-columns: minmax(0, 1fr); }
    .card > p { padding: 0 1rem; margin: .875rem 0; }
    .card > form { padding: 0 1rem 1rem; }
    .card > form:first-child { padding-top: 1rem; }
    .cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }
    .halves { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
    .halves > .stack { gap: 1.25rem; }
    @media (min-width: 76rem) {
      .halves { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
      .halves.wide { grid-template-columns: minmax(0, 2fr) minmax(0, 1fr); }
      .halves.late { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); }
    }
    .tile { display: grid; gap: .625rem; padding: 1rem; }
    .tile > h2 { padding: 0; }
    .tile h2 { display: flex; justify-content: space-between; gap: .75rem; align-items: start; }
    .tile h2 a { overflow-wrap: anywhere; }
    .facts { display: grid; grid-template-columns: fit-content(45%) minmax(0, 1fr); gap: .25rem 1rem; }
    @media (max-width: 40rem) { .facts code { font-size: .75rem; } }
    @media (max-width: 24rem) {
      .facts { grid-template-columns: minmax(0, 1fr); row-gap: 0; }
      .facts dd + dt { margin-top: .375rem; }
    }
    .facts dt { color: var(--ink-2); }
    .facts dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
    .notice { border: 1px solid var(--line); border-left: 4px solid var(--link); background: var(--surface);
      border-radius: var(--radius); padding: .75rem 1rem; display: grid; gap: .375rem; }
    .notice.good { border-left-color: var(--good); }
    .notice.warn { border-left-color: var(--warn); }
    .notice.bad { border-left-color: var(--bad); }
    .notice > strong:first-child, .notice h2 { font-size: var(--text-m); font-weight: 650; }
    .notice.warn > strong:first-child { color: var(--warn); }
    .notice.bad > strong:first-child, .notice.bad h2 { color: var(--bad); }
    .qr { width: 100%; max-width: 15rem; background: #fff; border-radius: var(--radius); forced-color-adjust: none; }
    .qr path { fill: #000; shape-rendering: crispEdges; }
    .enrolment > code { overflow-wrap: anywhere; }
    .plain { list-style: none; padding: 0; }
    .rows { list-style: none; padding: 0; }
    .rows > li { border-top: 1px solid var(--line); padding: .5rem 1rem; display: flex; justify-content: space-between;
      gap: .25rem 1rem; flex-wrap: wrap; align-items: center; min-height: 2.5rem; }
    .rows > li > :first-child { min-width: 0; overflow-wrap: anywhere; }
    @media (min-width: 100rem) {
      .changes > li { flex-wrap: nowrap; }
      .changes > li > * { white-space: nowrap; }
      .changes > li > :first-child { overflow: hidden; text-overflow: ellipsis; padding: .25rem; margin: -.25rem; }
    }
    .empty { padding: 2.5rem 1rem; text-align: center; display: grid; gap: .75rem; justify-items: center; color: var(--ink-2); }
    .empty strong { color: var(--ink); font-size: var(--text-l); }
    .steps { display: grid; gap: .75rem; padding: 0; list-style: none; counter-reset: step; }
    .steps > li { display: grid; grid-template-columns: 2rem minmax(0, 1fr); gap: .75rem; counter-increment: step; }
    .steps > li::before { content: counter(step); width: 2rem; height: 2rem; border-radius: 50%; background: var(--mark);
      color: var(--link-2); display: grid; place-items: center; font-weight: 650; }
    .code { background: var(--sunken); border: 1px solid var(--line); border-radius: var(--radius); position: relative; }
    .code pre { padding: .75rem 1rem; overflow-x: auto; white-space: pre; tab-size: 2; line-height: 1.55; }
    .code pre.wrapped { white-space: pre-wrap; overflow-wrap: anywhere; }
    .code .copy { position: absolute; top: .375rem; right: .375rem; }
    .code:has(.copy:not([hidden])) pre { padding-right: 5.5rem; }
    .lines { margin: 0; padding: .5rem 1rem .5rem 4.5rem; min-width: max-content; background: var(--sunken); tab-size: 2;
      font: .8125rem/1.6 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
    .lines > li { white-space: pre; padding-left: .75rem; min-height: 1.6em; }
    .lines > li::marker { color: var(--ink-2); font-variant-numeric: tabular-nums; }
    .lines > li:target { background: var(--mark); }
    .lines .tag-word { color: var(--link); }
    .lines .key { color: var(--warn); }
    .lines .value { color: var(--good); }
    .lines .remark { color: var(--ink-2); font-style: italic; }
    .lines .told { display: block; white-space: normal; font-family: system-ui, sans-serif; padding: .125rem .5rem;
      border-left: 3px solid var(--bad); background: var(--bad-ground); color: var(--bad); max-width: min(60rem, calc(100vw - 9rem)); }
    .lines .told.mild { border-left-color: var(--warn); background: var(--warn-ground); color: var(--warn); }
    table.difference { font: .8125rem/1.6 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono",
      monospace; border-collapse: collapse; width: 100%; }
    table.difference td { padding: 0 .5rem; white-space: pre; border: 0; height: auto; }
    table.difference .removed { background: var(--bad-ground); }
    table.difference .added { background: var(--good-ground); }
    table.difference .number { color: var(--ink-2); text-align: right; width: 1%; user-select: none; }
    .document { min-height: 16rem; font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
      font-size: .8125rem; white-space: pre; overflow-x: auto; }
    .numbered { position: relative; }
    .numbered > textarea { display: block; padding-left: 4.25rem; }
    .numbered > pre { position: absolute; inset: 1px auto 1px 1px; width: 3.5rem; padding: .375rem .5rem 2rem; overflow: hidden;
      text-align: right; color: var(--ink-2); background: var(--sunken); border-right: 1px solid var(--line);
      border-radius: var(--radius) 0 0 var(--radius); font-size: .8125rem; line-height: 1.5; pointer-events: none; user-select: none; }
    .numbered > textarea[aria-invalid="true"] + pre { inset: 2px auto 2px 2px; }
    .peek { position: fixed; z-index: 30; width: min(26rem, calc(100vw - 1rem)); max-height: 24rem; overflow: auto;
      box-shadow: var(--shadow-2); background: var(--raised); font-size: var(--text-s); }
    .peek th { width: 10rem; }
    .tag { display: inline-flex; align-items: center; gap: .25rem; font-size: var(--text-s); line-height: 1.25rem;
      padding: 0 .5rem; border-radius: 99px; background: var(--sunken); color: var(--ink-2); border: 1px solid var(--line);
      white-space: nowrap; }
    .tag.warn { background: var(--warn-ground); color: var(--warn); border-color: transparent; }
    .tag.bad { background: var(--bad-ground); color: var(--bad); border-color: transparent; }
    .tag.good { background: var(--good-ground); color: var(--good); border-color: transparent; }
    .status { position: fixed; left: 50%; bottom: 1.25rem; transform: translateX(-50%); background: var(--band);
      color: var(--band-ink); border-radius: var(--radius); padding: .5rem 1rem; box-shadow: var(--shadow-2); z-index: 40;
      max-width: calc(100vw - 2rem); }
    .status:empty { display: none; }
    dialog { border: 1px solid var(--line); border-radius: 10px; background: var(--raised); color: var(--ink); padding: 1.25rem;
      max-width: min(34rem, calc(100vw - 2rem)); box-shadow: var(--shadow-2); }
    dialog::backdrop { background: #0b0f1480; }
    dialog > div { display: grid; gap: .875rem; }
    .keys { display: grid; grid-template-columns: max-content 1fr; gap: .375rem 1rem; }
    .keys dd { margin: 0; }
    kbd { border: 1px solid var(--line-2); border-radius: 4px; padding: 0 .375rem; background: var(--sunken); }
    .pages a { display: inline-flex; }
    .tabs { display: flex; gap: .25rem 1.25rem; flex-wrap: wrap; border-bottom: 1px solid var(--line); list-style: none; padding: 0; }
    .tabs a { display: inline-flex; align-items: center; min-height: 2.25rem; color: var(--ink-2); text-decoration: none;
      border-bottom: 2px solid transparent; margin-bottom: -1px; }
    .tabs a:hover { color: var(--ink); border-bottom-color: var(--line-2); }
    .tabs a[aria-current] { color: var(--ink); font-weight: 600; border-bottom-color: var(--link); }

    """#
}
