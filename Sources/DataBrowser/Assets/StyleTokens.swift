extension StyleText {
  /// Colours, sizes, and what holds of all elements.
  static let tokens = #"""
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
    :focus-visible, input[type="date"]:focus-within, input[type="datetime-local"]:focus-within {
      outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 3px; }
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
    time { white-space: nowrap; }
    .small { font-size: var(--text-s); }
    .icon { width: 1em; height: 1em; fill: none; stroke: currentColor; stroke-width: 1.75; stroke-linecap: round;
      stroke-linejoin: round; flex: none; vertical-align: -.125em; }
    @media (prefers-reduced-motion: no-preference) {
      a, button, .button, input, select { transition: background-color .12s, border-color .12s, color .12s; }
    }

    """#
}
