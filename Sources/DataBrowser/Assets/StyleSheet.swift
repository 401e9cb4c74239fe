import Web

extension Asset {
  /// The one style sheet. Sizes step by a quarter from 1 rem; distances are multiples of 4 px; each colour is named once
  /// for light and once for dark. Nothing is told by colour alone.
  static let style = Asset("sojourn.css", .style, styleTokens + styleFrame + styleContent + styleTables + styleForms)
}

private let styleTokens = #"""
  :root {
    --ground: #f6f7f8; --surface: #ffffff; --raised: #ffffff; --sunken: #eef0f2;
    --ink: #1a1f25; --ink-2: #545e69; --line: #dde1e5; --line-2: #868f99;
    --link: #1657b0; --link-2: #0f3f82; --mark: #e8f0fb; --focus: #1657b0;
    --good: #11683c; --good-ground: #e3f4ea; --warn: #7a4a00; --warn-ground: #fdf0d8;
    --bad: #a51d24; --bad-ground: #fdeaea; --hush: #6a737d;
    --band: #1d242c; --band-ink: #f2f4f6; --band-ink-2: #b5bec8; --band-line: #3a444f; --band-field: #2b343e;
    --text-s: .8125rem; --text-m: .9375rem; --text-l: 1.125rem; --text-xl: 1.5rem;
    --radius: 6px; --shadow: 0 1px 2px #0f172a14; --shadow-2: 0 8px 28px #0f172a2e;
    color-scheme: light dark;
  }
  @media (prefers-color-scheme: dark) {
    :root:not([data-look="light"]) {
      --ground: #12161a; --surface: #191e23; --raised: #20262c; --sunken: #0f1316;
      --ink: #e4e8ec; --ink-2: #a3adb7; --line: #2c343c; --line-2: #78828d;
      --link: #8ab8ff; --link-2: #b5d2ff; --mark: #1d2c40; --focus: #8ab8ff;
      --good: #7ed6a3; --good-ground: #14301f; --warn: #f2c46d; --warn-ground: #33270f;
      --bad: #ff9d9d; --bad-ground: #3a1a1c; --hush: #939da8;
      --band: #0d1013; --band-line: #2c343c; --band-field: #1d2329;
      --shadow: none; --shadow-2: 0 8px 28px #000000a0;
    }
  }
  :root[data-look="light"] { color-scheme: light; }
  :root[data-look="dark"] {
    color-scheme: dark;
    --ground: #12161a; --surface: #191e23; --raised: #20262c; --sunken: #0f1316;
    --ink: #e4e8ec; --ink-2: #a3adb7; --line: #2c343c; --line-2: #78828d;
    --link: #8ab8ff; --link-2: #b5d2ff; --mark: #1d2c40; --focus: #8ab8ff;
    --good: #7ed6a3; --good-ground: #14301f; --warn: #f2c46d; --warn-ground: #33270f;
    --bad: #ff9d9d; --bad-ground: #3a1a1c; --hush: #939da8;
    --band: #0d1013; --band-line: #2c343c; --band-field: #1d2329;
    --shadow: none; --shadow-2: 0 8px 28px #000000a0;
  }
  *, *::before, *::after { box-sizing: border-box; }
  [hidden] { display: none !important; }
  html {
    font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", Ubuntu, Cantarell, sans-serif;
    -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 4.5rem;
  }
  body { margin: 0; background: var(--ground); color: var(--ink); font-size: var(--text-m); min-height: 100vh;
    display: flex; flex-direction: column; overflow-wrap: break-word; }
  a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .18em; }
  a:hover { color: var(--link-2); text-decoration-thickness: 2px; }
  :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
  code, pre, kbd, samp, .mono { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas,
    "DejaVu Sans Mono", monospace; font-size: .92em; font-variant-ligatures: none; }
  h1, h2, h3 { line-height: 1.25; margin: 0; font-weight: 650; letter-spacing: -.01em; text-wrap: balance; }
  h1 { font-size: var(--text-xl); }
  h2 { font-size: var(--text-l); }
  h3 { font-size: var(--text-m); }
  p, ul, ol, dl, pre { margin: 0; }
  ul, ol { padding-left: 1.25rem; }
  .away { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .hush { color: var(--ink-2); }
  .small { font-size: var(--text-s); }
  .icon { width: 1em; height: 1em; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round;
    stroke-linejoin: round; flex: none; vertical-align: -.125em; }
  @media (prefers-reduced-motion: no-preference) {
    a, button, .button, input, select { transition: background-color .12s, border-color .12s, color .12s; }
  }

  """#

private let styleFrame = #"""
  .skip { position: absolute; left: .5rem; top: -4rem; background: var(--surface); color: var(--link); padding: .5rem .75rem;
    border-radius: var(--radius); z-index: 30; }
  .skip:focus { top: .5rem; }
  .band { background: var(--band); color: var(--band-ink); display: flex; align-items: center; gap: .5rem 1rem;
    padding: .5rem clamp(.75rem, 2vw, 1.5rem); position: sticky; top: 0; z-index: 20; flex-wrap: wrap;
    border-bottom: 1px solid var(--band-line); }
  .band a { color: var(--band-ink); text-decoration: none; }
  .band a:hover { text-decoration: underline; }
  .band :focus-visible { outline-color: #8ab8ff; }
  .band .brand { font-weight: 700; letter-spacing: -.01em; display: inline-flex; gap: .5rem; align-items: center;
    min-height: 2rem; }
  .band .brand .icon { width: 1.25rem; height: 1.25rem; color: #7fb0f5; }
  .band .home { display: inline-flex; align-items: center; gap: .625rem; min-height: 2rem; min-width: 0;
    border-left: 1px solid var(--band-line); padding-left: 1rem; }
  .band .home > span:first-child { font-weight: 600; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
    max-width: 18rem; }
  .environment { display: inline-flex; align-items: center; gap: .375rem; font-size: var(--text-s); font-weight: 600;
    line-height: 1; padding: .3125rem .5625rem; border-radius: 99px; border: 1px solid transparent; white-space: nowrap; }
  .environment::before { content: ""; width: .5rem; height: .5rem; border-radius: 50%; background: currentColor; }
  .environment.testing { background: #d5f0df; color: #0d5530; }
  .environment.staging { background: #fde8bd; color: #6d4200; }
  .environment.production { background: #fbd5d5; color: #8d141b; }
  .environment.other { background: #dfe4ea; color: #39434e; }
  .jump { flex: 1 1 14rem; max-width: 34rem; margin-left: auto; position: relative; display: flex; }
  .jump input { width: 100%; background: var(--band-field); color: var(--band-ink); border: 1px solid #76818d;
    border-radius: var(--radius); padding: .375rem 2.25rem .375rem .75rem; min-height: 2.125rem; font: inherit;
    font-size: var(--text-m); }
  .jump input::placeholder { color: var(--band-ink-2); opacity: 1; }
  .jump kbd { position: absolute; right: .5rem; top: 50%; transform: translateY(-50%); border: 1px solid #76818d;
    border-radius: 4px; padding: 0 .375rem; font-size: .75rem; line-height: 1.25rem; color: var(--band-ink-2);
    pointer-events: none; }
  .band nav { display: flex; gap: .25rem 1rem; align-items: center; }
  .band nav a { min-height: 2rem; display: inline-flex; align-items: center; }
  .menu { position: relative; }
  .menu.end { margin-left: auto; }
  .menu > summary { list-style: none; cursor: pointer; display: inline-flex; align-items: center; gap: .5rem;
    min-height: 2rem; padding: 0 .375rem; border-radius: var(--radius); max-width: 14rem; }
  .menu > summary::-webkit-details-marker { display: none; }
  .menu > summary:hover { background: var(--band-field); }
  .menu > summary > span:last-of-type { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .menu .initial { width: 1.625rem; height: 1.625rem; border-radius: 50%; background: #3d6fb5; color: #fff; display: grid;
    place-items: center; font-size: var(--text-s); font-weight: 650; flex: none; }
  .menu .sheet { position: absolute; right: 0; top: calc(100% + .5rem); background: var(--raised); color: var(--ink);
    border: 1px solid var(--line); border-radius: var(--radius); box-shadow: var(--shadow-2); padding: .75rem;
    min-width: 15rem; display: grid; gap: .75rem; z-index: 25; }
  .shell { flex: 1; display: grid; grid-template-columns: minmax(0, 1fr); width: 100%; }
  .side { display: none; }
  .content { padding: 1.25rem clamp(.75rem, 2vw, 2rem) 3rem; min-width: 0; display: grid; gap: 1.25rem;
    align-content: start; grid-template-columns: minmax(0, 1fr); }
  .content:focus { outline: none; }
  .narrow .content { max-width: 62rem; margin-inline: auto; width: 100%; }
  @media (min-width: 64rem) {
    .shell.sided { grid-template-columns: 15rem minmax(0, 1fr); }
    .sided .side { display: block; border-right: 1px solid var(--line); padding: 1.25rem .75rem; }
    .side > div { position: sticky; top: 4.5rem; max-height: calc(100vh - 6rem); overflow: auto; display: grid; gap: .5rem; }
  }
  @media (min-width: 120rem) { .shell.sided { grid-template-columns: 18rem minmax(0, 1fr); } }
  .side h2 { font-size: var(--text-s); font-weight: 600; color: var(--ink-2); padding: 0 .5rem; letter-spacing: 0; }
  .side ul { list-style: none; padding: 0; }
  .side li a { display: flex; justify-content: space-between; gap: .75rem; padding: .25rem .5rem; min-height: 2rem;
    align-items: center; color: var(--ink); text-decoration: none; border-radius: var(--radius); }
  .side li a > span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .side li a:hover { background: var(--sunken); }
  .side li a[aria-current] { background: var(--mark); color: var(--link-2); font-weight: 600; }
  .side .count { color: var(--ink-2); font-size: var(--text-s); font-variant-numeric: tabular-nums; font-weight: 400; }
  .trail ol { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .125rem .5rem; font-size: var(--text-s);
    color: var(--ink-2); }
  .trail li { display: inline-flex; align-items: center; gap: .5rem; min-height: 1.5rem; max-width: 100%; }
  .trail li + li::before { content: "/"; color: var(--line-2); }
  .trail a { color: var(--ink-2); padding: .125rem 0; }
  .foot { border-top: 1px solid var(--line); color: var(--ink-2); font-size: var(--text-s);
    padding: .75rem clamp(.75rem, 2vw, 2rem); display: flex; gap: .25rem 1.25rem; flex-wrap: wrap; }
  .foot > span:last-child { margin-left: auto; }
  .elevated { background: var(--warn-ground); color: var(--warn); padding: .375rem clamp(.75rem, 2vw, 2rem);
    font-size: var(--text-s); display: flex; gap: .75rem; align-items: center; flex-wrap: wrap; }
  @media (max-width: 40rem) {
    .band { gap: .375rem .75rem; position: static; }
    .jump { order: 5; flex-basis: 100%; max-width: none; }
    .jump kbd { display: none; }
    .band .person-name { display: none; }
    .band .home { flex: 1; min-width: 8rem; padding-left: .75rem; }
    .band .home > span:first-child { max-width: 9rem; }
    .content { padding-top: 1rem; }
  }

  """#

private let styleContent = #"""
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
  .cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(20rem, 100%), 1fr)); }
  .halves { display: grid; gap: 1.25rem; grid-template-columns: minmax(0, 1fr); align-items: start; }
  @media (min-width: 80rem) { .halves { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); } }
  .tile { display: grid; gap: .625rem; padding: 1rem; }
  .tile h2 { display: flex; justify-content: space-between; gap: .75rem; align-items: start; }
  .tile h2 a { overflow-wrap: anywhere; }
  .facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: .25rem 1rem; }
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
  .plain { list-style: none; padding: 0; }
  .rows { list-style: none; padding: 0; }
  .rows > li { border-top: 1px solid var(--line); padding: .5rem 1rem; display: flex; justify-content: space-between;
    gap: .25rem 1rem; flex-wrap: wrap; align-items: center; min-height: 2.5rem; }
  .rows > li > :first-child { min-width: 0; overflow-wrap: anywhere; }
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

private let styleTables = #"""
  .region { overflow: auto; max-height: max(24rem, calc(100vh - 13rem)); scroll-padding: 3.25rem 1rem 1rem 14rem;
    border-radius: 0 0 8px 8px; }
  .region.free { max-height: none; }
  .region:first-child { border-radius: 8px; }
  .region:focus-visible { outline-offset: -2px; }
  table { border-collapse: separate; border-spacing: 0; width: 100%; font-variant-numeric: tabular-nums; }
  th, td { text-align: left; vertical-align: top; padding: .4375rem .75rem; border-bottom: 1px solid var(--line); }
  tbody tr:last-child > * { border-bottom: 0; }
  thead th { position: sticky; top: 0; background: var(--surface); z-index: 2; font-weight: 600; font-size: var(--text-s);
    white-space: nowrap; vertical-align: bottom; border-bottom: 1px solid var(--line-2); color: var(--ink-2); }
  thead th a { color: inherit; text-decoration: none; display: inline-flex; gap: .375rem; align-items: center; min-height: 1.5rem; }
  thead th a:hover { color: var(--link); text-decoration: underline; }
  thead th[aria-sort] { color: var(--ink); }
  thead th .type { display: block; font-weight: 400; color: var(--hush); font-size: .75rem; line-height: 1.2; }
  thead th .tools { display: flex; gap: .625rem; font-size: .75rem; font-weight: 400; }
  thead th .tools a { min-height: 1.5rem; color: var(--link); }
  .number .tools { justify-content: flex-end; }
  .data tbody th { font-weight: 500; }
  .data tbody th, .data thead th:first-child { position: sticky; left: 0; background: var(--surface);
    border-right: 1px solid var(--line); z-index: 1; }
  .data thead th:first-child { z-index: 3; }
  .data tbody th { min-width: 10rem; max-width: 22rem; }
  .data td { max-width: 24rem; }
  .data tbody tr:hover > * { background: color-mix(in srgb, var(--mark) 45%, var(--surface)); }
  .data tbody tr:focus-within > * { background: var(--mark); }
  .data tbody th a { display: inline-block; min-height: 1.5rem; }
  .cell { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; line-clamp: 3; overflow: hidden;
    overflow-wrap: anywhere; white-space: pre-line; min-width: 4rem; }
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
  .fields th { width: 15rem; font-weight: 500; background: none; }
  .fields td.tools { width: 12rem; white-space: nowrap; text-align: right; }
  .fields td.tools a { display: inline-block; min-height: 1.5rem; margin-left: .5rem; color: var(--ink-2); }
  .picture { max-width: 200px; height: auto; border-radius: 4px; border: 1px solid var(--line); display: block; }
  .fields th .type { display: block; font-weight: 400; color: var(--hush); font-size: var(--text-s); }
  .fields td .long { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; overflow: auto; display: block; }
  @media (max-width: 40rem) {
    .fields, .fields tbody, .fields tr, .fields th, .fields td { display: block; width: auto; }
    .fields th { padding-bottom: 0; border-bottom: 0; }
    .fields th .type { display: inline; }
    .data tbody th { min-width: 8rem; max-width: 11rem; }
    .region { scroll-padding-left: 9rem; max-height: none; }
  }
  .bar { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: center; justify-content: space-between; padding: .625rem 1rem; }
  .bar + .region { border-top: 1px solid var(--line); border-radius: 0; }
  .region + .bar { border-top: 1px solid var(--line); }
  .pager { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
  .chips { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; align-items: center; }
  .chip { display: inline-flex; align-items: stretch; background: var(--mark); border: 1px solid var(--line); border-radius: 99px;
    font-size: var(--text-s); max-width: 100%; }
  .chip > span { padding: .25rem .25rem .25rem .75rem; overflow-wrap: anywhere; }
  .chip > a { display: grid; place-items: center; min-width: 1.75rem; min-height: 1.75rem; text-decoration: none; color: var(--ink-2);
    border-radius: 99px; }
  .chip > a:hover { background: var(--bad-ground); color: var(--bad); }

  """#

private let styleForms = #"""
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
  legend { font-weight: 600; padding: 0; }
  .field { display: grid; gap: .25rem; justify-items: start; }
  .field > .hint { color: var(--ink-2); font-size: var(--text-s); }
  .field > .wrong, .wrong { color: var(--bad); font-size: var(--text-s); font-weight: 550; }
  .field > input, .field > select, .field > textarea { width: 100%; max-width: 32rem; }
  .inline { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
  .inline form { display: contents; }
  .search { display: flex; gap: .5rem; flex: 1 1 18rem; max-width: 30rem; }
  .search input { flex: 1; min-width: 0; }
  .filters { display: grid; gap: .75rem; }
  .filter-row { display: grid; gap: .5rem; grid-template-columns: minmax(0, 1fr); padding: .75rem; border: 1px solid var(--line);
    border-radius: var(--radius); background: var(--sunken); }
  .filter-row > * { min-width: 0; }
  .filter-row select, .filter-row input:not([type="checkbox"]), .filter-row textarea { width: 100%; }
  @media (min-width: 48rem) { .filter-row { grid-template-columns: minmax(0, 2fr) minmax(0, 1.5fr) minmax(0, 3fr); align-items: end; } }
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
