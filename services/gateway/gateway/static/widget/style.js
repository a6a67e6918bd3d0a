/**
 * The looks of the widget: one sheet for all elements of a page.
 *
 * It is adopted and not inserted, so a website need not allow inline styles. The variables at the
 * beginning are what docs/widget.md promises to websites; `--of-accent`, `--on-accent`,
 * `--on-label`, `--ink` and `--edge` are set by frame.js, from what is only known on the page.
 */

export const sheet = new CSSStyleSheet();

sheet.replaceSync(`
:host { display: block; width: 100%; container-type: inline-size; font-size: 1em; text-align: start; }
:host([hidden]) { display: none; }
*, ::before, ::after { box-sizing: border-box; }
.root {
  --accent: var(--punchcard-accent, var(--of-accent, #3b5bdb));
  --accent-text: var(--punchcard-accent-text, var(--on-accent, #fff));
  --label: var(--punchcard-label, var(--accent));
  --label-text: var(--punchcard-label-text, var(--on-label, #fff));
  --background: var(--punchcard-background, #fff);
  --surface: var(--punchcard-surface, #fff);
  --text: var(--punchcard-text, #1b1f2a);
  --muted: var(--punchcard-muted, #596074);
  --border: var(--punchcard-border, #dfe3ec);
  --danger: var(--punchcard-danger, #b42318);
  --success: var(--punchcard-success, #17693a);
  --radius: var(--punchcard-radius, 14px);
  --small: calc(var(--radius) * .7);
  --tint: color-mix(in oklab, var(--edge) 9%, var(--surface));
  --line: color-mix(in oklab, var(--edge) 45%, var(--border));
  --shadow: var(--punchcard-shadow, 0 1px 2px #10182814, 0 12px 32px -12px #10182824);
  font-family: var(--punchcard-font, inherit); font-size: var(--punchcard-font-size, inherit);
  line-height: 1.5; color: var(--text); background: var(--background); color-scheme: light;
  border: 1px solid var(--border); border-radius: var(--radius); box-shadow: var(--shadow);
  max-width: 46em; margin-inline: auto; overflow: clip; overflow-wrap: anywhere;
  display: flex; flex-direction: column; min-height: 25em;
}
.root[data-scheme=dark] {
  --background: var(--punchcard-background, #14161c);
  --surface: var(--punchcard-surface, #1b1e26);
  --text: var(--punchcard-text, #eceef4);
  --muted: var(--punchcard-muted, #a3abbd);
  --border: var(--punchcard-border, #323743);
  --danger: var(--punchcard-danger, #ff8f85);
  --success: var(--punchcard-success, #6fd79b);
  --tint: color-mix(in oklab, var(--edge) 20%, var(--surface));
  --shadow: var(--punchcard-shadow, 0 1px 2px #0006, 0 12px 32px -12px #000a);
  color-scheme: dark;
}
button, input, select { font: inherit; color: inherit; letter-spacing: inherit; margin: 0; }
button { cursor: pointer; -webkit-tap-highlight-color: transparent; }
button:disabled { cursor: default; }
:focus-visible { outline: 3px solid color-mix(in srgb, var(--ink) 60%, transparent); outline-offset: 2px; }
h2:focus { outline: none; }
h2, h3, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
ul, ol { list-style: none; }
svg { width: 1.15em; height: 1.15em; flex: none; fill: none; stroke: currentColor; stroke-width: 2;
  stroke-linecap: round; stroke-linejoin: round; vertical-align: -.2em; }
.sr { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap; }

.top { display: flex; align-items: center; gap: .75em; padding: .8em 1.25em; min-height: 3.6em;
  border-bottom: 1px solid var(--border); }
.place { font-weight: 650; flex: 1; min-width: 0; }
.progress { height: 3px; background: var(--border); }
.progress i { display: block; height: 100%; background: var(--edge); transition: width .25s; }
.main { padding: 1.25em; flex: 1; display: flex; flex-direction: column; gap: 1em; }
.head { display: flex; align-items: center; gap: .5em; }
h2 { font-size: 1.3em; line-height: 1.25; font-weight: 700; letter-spacing: -.01em; }
h3 { font-size: .9em; font-weight: 650; color: var(--muted); margin-bottom: .6em; }
.content { display: flex; flex-direction: column; gap: 1.1em; flex: 1; }
.muted { color: var(--muted); } .small { font-size: .9em; }
.strong { font-weight: 650; }

.button { display: inline-flex; align-items: center; justify-content: center; gap: .5em;
  min-height: 2.9em; padding: .5em 1.15em; border-radius: var(--small); font-weight: 600;
  border: 1px solid var(--border); background: var(--surface); text-decoration: none;
  color: var(--text); transition: background .12s, border-color .12s; text-align: center; }
.button:hover:not(:disabled) { border-color: var(--line); background: var(--tint); }
.button.primary { background: var(--accent); border-color: var(--edge); color: var(--accent-text); }
.button.primary:hover:not(:disabled) {
  background: color-mix(in oklab, var(--accent) 88%, var(--text)); }
.button.danger { color: var(--danger); }
.button.danger:hover { border-color: var(--danger); background: var(--surface); }
.button:disabled { opacity: .5; }
.button.compact { min-height: 2.4em; padding: .25em .85em; font-size: .92em; }
.quiet { border: 0; background: none; padding: .4em .3em; min-height: 2em; font-weight: 600;
  color: var(--ink); border-radius: .4em; display: inline-flex; align-items: center; gap: .4em; }
.quiet:hover:not(:disabled) { text-decoration: underline; text-underline-offset: .2em; }
.quiet:disabled { color: var(--muted); font-weight: 400; }
.round { width: 2.5em; height: 2.5em; border-radius: 50%; border: 1px solid var(--border);
  background: var(--surface); display: inline-grid; place-items: center; flex: none; padding: 0; }
.round:hover:not(:disabled) { border-color: var(--line); background: var(--tint); }
.round:disabled { opacity: .35; }
.actions { display: flex; flex-wrap: wrap; gap: .6em; margin-top: auto; padding-top: .4em; }
.actions .primary { flex: 1 1 12em; }

.cards { display: grid; gap: .65em; }
.card { display: flex; align-items: center; gap: .9em; width: 100%; text-align: start;
  padding: .85em 1em; border: 1px solid var(--border); border-radius: var(--small);
  background: var(--surface); transition: background .12s, border-color .12s; }
button.card:hover:not(:disabled) { border-color: var(--line); background: var(--tint); }
button.card:disabled { opacity: .6; }
.card .body { flex: 1; min-width: 0; display: grid; gap: .2em; }
.card .title { font-weight: 650; }
.card .facts { color: var(--muted); font-size: .9em; }
.card .price { font-weight: 650; white-space: nowrap; }
.card .go { color: var(--muted); }
.avatar { width: 2.6em; height: 2.6em; border-radius: 50%; display: grid; place-items: center;
  background: var(--tint); color: var(--ink); font-weight: 700; flex: none; }
.tags { display: flex; flex-wrap: wrap; gap: .35em; margin-top: .2em; }
.tag { display: inline-flex; align-items: center; gap: .35em; padding: .12em .65em; border-radius: 99em;
  font-size: .8em; font-weight: 600; line-height: 1.6; border: 1px solid var(--border);
  color: var(--muted); background: var(--surface); }
.tag.membership { background: var(--label); border-color: color-mix(in srgb, var(--label) 85%, var(--text)); color: var(--label-text); }
.tag.good { color: var(--success); border-color: currentColor; }
.tag.bad { color: var(--danger); border-color: currentColor; }
.tag.plan { color: var(--ink); border-color: currentColor; }

.chosen { display: flex; flex-wrap: wrap; gap: .4em .5em; align-items: center; }
.chip { display: inline-flex; align-items: center; gap: .45em; padding: .28em .8em; border-radius: 99em;
  background: var(--tint); font-size: .9em; font-weight: 550; }
.chip button { border: 0; background: none; padding: .15em; margin: -.15em -.3em -.15em 0;
  display: grid; border-radius: 50%; }

.when { display: grid; grid-template-columns: minmax(0, 1fr); gap: 1.25em; }
.month .name { display: inline-block; }
.month { display: flex; align-items: center; justify-content: space-between; margin-bottom: .5em; }
.month .name { font-weight: 650; }
.month .name::first-letter, h3::first-letter { text-transform: uppercase; }
.days { display: grid; grid-template-columns: repeat(7, minmax(0, 1fr)); gap: 2px; text-align: center; }
.days .wd { font-size: .75em; color: var(--muted); padding-bottom: .3em; text-transform: capitalize; }
.day { border: 1px solid transparent; background: none; border-radius: var(--small); padding: 0;
  aspect-ratio: 1; max-height: 3em; width: 100%; min-width: 0; font-variant-numeric: tabular-nums; }
.day:disabled { color: var(--muted); opacity: .55; }
.day:not(:disabled) { background: var(--tint); font-weight: 650; }
.day:not(:disabled):hover { border-color: var(--line); }
.day[aria-pressed=true] { background: var(--accent); border-color: var(--edge);
  color: var(--accent-text); }
.slots { display: grid; grid-template-columns: repeat(auto-fill, minmax(4.6em, 1fr)); gap: .5em; }
.slots .button { padding-inline: .2em; width: 100%; font-variant-numeric: tabular-nums; }
.part p { margin-bottom: .4em; }
.part + .part { margin-top: 1.1em; }
.part ~ .quiet { margin-top: .5em; }

.clock { min-width: 3.6em; font-weight: 700; font-size: 1.05em; font-variant-numeric: tabular-nums; }
.field { display: grid; gap: .35em; }
.field label, legend { font-weight: 650; padding: 0; }
.input { width: 100%; min-height: 3em; padding: .5em .85em; border-radius: var(--small);
  border: 1px solid color-mix(in srgb, var(--muted) 55%, var(--border)); background: var(--surface);
  font-size: max(1em, 16px); }
.input[aria-invalid=true] { border-color: var(--danger); }
.input.code { font-size: 1.6em; letter-spacing: .35em; text-align: center; max-width: 9em;
  font-variant-numeric: tabular-nums; }
.wrong { color: var(--danger); font-size: .9em; font-weight: 550; }
.choices { display: grid; gap: .6em; margin-top: .6em; }
.choice { display: flex; gap: .8em; align-items: center; padding: .9em 1em; cursor: pointer;
  border: 1px solid var(--border); border-radius: var(--small); background: var(--surface); }
.choice:has(:checked) { border-color: var(--edge); background: var(--tint);
  box-shadow: inset 0 0 0 1px var(--edge); }
.choice input { accent-color: var(--edge); width: 1.15em; height: 1.15em; flex: none; }
.stepper { display: inline-flex; align-items: center; gap: .9em; margin-top: .5em; }
.stepper output { min-width: 1.6em; text-align: center; font-size: 1.3em; font-weight: 700;
  font-variant-numeric: tabular-nums; }

.sheet { border: 1px solid var(--border); border-radius: var(--small); background: var(--surface); }
.sheet > * { display: grid; grid-template-columns: 7.5em 1fr; gap: .2em 1em; padding: .8em 1em; }
.sheet > * + * { border-top: 1px solid var(--border); }
.sheet dt { color: var(--muted); font-size: .92em; }
.line { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .2em 1em; }
.line + .line { margin-top: .35em; }
.total { font-weight: 700; }
.note { display: flex; gap: .7em; padding: .8em 1em; border-radius: var(--small);
  background: var(--tint); align-items: flex-start; }
.note svg { margin-top: .17em; color: var(--ink); }
.note.bad { background: color-mix(in oklab, var(--danger) 10%, var(--surface)); }
.note.bad svg { color: var(--danger); }
.hero { display: grid; justify-items: center; text-align: center; gap: .7em; padding: 1em 0 .2em; }
.disc { width: 3.6em; height: 3.6em; border-radius: 50%; display: grid; place-items: center;
  background: color-mix(in oklab, var(--success) 15%, var(--surface)); color: var(--success); }
.disc.bad { background: color-mix(in oklab, var(--danger) 12%, var(--surface)); color: var(--danger); }
.disc svg { width: 1.7em; height: 1.7em; }
.reasons li { display: flex; gap: .6em; padding: .3em 0; }
.reasons svg { margin-top: .18em; color: var(--muted); }
.ways { display: grid; gap: .6em; justify-items: stretch; }
.booking { padding: 1em; border: 1px solid var(--border); border-radius: var(--small);
  background: var(--surface); display: grid; gap: .55em; }
.booking.over { background: none; }
.booking .buttons { display: flex; flex-wrap: wrap; gap: .5em; margin-top: .25em; }
.account { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between;
  gap: .2em 1em; }

.bone { border-radius: var(--small); background: linear-gradient(90deg,
  color-mix(in srgb, var(--border) 55%, transparent) 25%, var(--border) 50%,
  color-mix(in srgb, var(--border) 55%, transparent) 75%) 0 0 / 200% 100%;
  animation: shimmer 1.6s linear infinite; height: 4.2em; }
.spin { animation: turn .9s linear infinite; }
@keyframes shimmer { to { background-position: -200% 0; } }
@keyframes turn { to { transform: rotate(1turn); } }
@keyframes rise { from { opacity: 0; transform: translateY(.35em); } }
.content > * { animation: rise .18s ease-out; }
@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { animation: none !important; transition: none !important; }
}
@media (forced-colors: active) {
  .day[aria-pressed=true], .button.primary { border: 2px solid; }
}
@container (min-width: 37em) {
  .main { padding: 1.6em 1.75em 1.75em; } .top { padding-inline: 1.75em; }
  .when { grid-template-columns: minmax(17em, 1.15fr) minmax(0, 1fr); align-items: start; gap: 2em; }
}
@container (max-width: 23em) {
  .main { padding: 1em .9em 1.1em; } .top { padding-inline: .9em; }
  .sheet > * { grid-template-columns: 1fr; }
  .card { padding: .75em .8em; gap: .7em; }
  .card .go { display: none; }
}
@container (max-width: 20em) { .top .words { display: none; } }
`);
