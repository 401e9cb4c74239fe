extension StyleText {
  /// What stands around every page.
  static let frame = #"""
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
    .jump { flex: 1 1 7rem; max-width: 34rem; margin-left: auto; position: relative; display: flex; }
    .jump input { width: 100%; background: var(--band-field); color: var(--band-ink); border: 1px solid #76818d;
      border-radius: var(--radius); padding: .375rem 2.25rem .375rem .75rem; min-height: 2.125rem; font: inherit;
      font-size: var(--text-m); text-overflow: ellipsis; }
    .jump input::placeholder { color: var(--band-ink-2); opacity: 1; }
    .jump kbd { position: absolute; right: .5rem; top: 50%; transform: translateY(-50%); border: 1px solid #76818d;
      border-radius: 4px; padding: 0 .375rem; font-size: .75rem; line-height: 1.25rem; color: var(--band-ink-2);
      background: transparent;
      pointer-events: none; }
    .band nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: center; }
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
    .band .sheet a { color: var(--link); min-height: 1.75rem; display: flex; align-items: center; }
    .band .sheet :focus-visible { outline-color: var(--link); }
    .band nav .menu > summary { padding: 0; }
    .band nav .menu > summary::after { content: "▾"; font-size: .75em; }
    .band nav .sheet { right: auto; left: -.75rem; gap: .25rem; min-width: 12rem; }
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
    .side .button { justify-content: flex-start; }
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
    @media (max-width: 78rem) {
      .band .person-name, .band .brand > span { display: none; }
      .band, .band nav { column-gap: .75rem; }
      .band .home { padding-left: .75rem; }
      .band .home > span:first-child { max-width: 9rem; }
      .jump kbd { display: none; }
      .jump input { padding-right: .75rem; }
    }
    @media (max-width: 40rem) {
      .band { gap: .5rem .75rem; position: static; }
      .band nav { order: 4; }
      .jump { order: 5; flex-basis: 12rem; max-width: none; margin: 0; }
      .band > .menu { margin-left: auto; }
      .band .home { flex: 1 1 calc(100% - 7rem); padding-left: .75rem; }
      .band .home > span:first-child { max-width: none; }
      .content { padding-top: 1rem; }
    }

    """#
}
