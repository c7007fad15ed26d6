/** The style sheet of the page, with a light and a dark color scheme. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #ffffff; --panel: #f5f7fa; --line: #d5dce5; --ink: #1b2430; --soft: #51606f;
  --accent: #0b5cad; --accent-wash: #e8f1fb; --sent: #0f6b4f; --sent-wash: #e8f6f0;
  --key: #0b5cad; --text: #0f6b4f; --number: #8a3c00; --literal: #7a2a8c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12171e; --panel: #1a222c; --line: #33404e; --ink: #e4eaf1; --soft: #a3b1c0;
    --accent: #7db8f5; --accent-wash: #182a3d; --sent: #6fd3ae; --sent-wash: #14302a;
    --key: #8cc2f7; --text: #86d9b8; --number: #f0b07a; --literal: #dca2ea;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 1rem; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  display: grid; grid-template-columns: 15rem minmax(0, 1fr); max-width: 76rem; margin-inline: auto;
}
.skip { position: absolute; left: -100vw; padding: .5rem 1rem; background: var(--accent); color: var(--page); }
.skip:focus { left: 0; z-index: 1; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 2.5rem 1rem 2rem 1.5rem; }
nav p { margin: 0 0 .75rem; font-weight: 650; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li a { display: block; padding: .25rem .75rem; border-left: 3px solid var(--line); color: var(--soft); text-decoration: none; }
nav li a:hover, nav li a:focus-visible { color: var(--accent); border-color: var(--accent); }
main { padding: 2.5rem 1.5rem 5rem; min-width: 0; }
h1 { font-size: 2.1rem; line-height: 1.2; margin: 0 0 .5rem; letter-spacing: -.01em; }
h2 { font-size: 1.5rem; line-height: 1.25; margin: 3.5rem 0 1rem; padding-bottom: .4rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h4 { font-size: 1rem; margin: 1.5rem 0 .5rem; color: var(--soft); }
p, ul, ol { margin: 0 0 1rem; max-width: 46rem; }
.lead { font-size: 1.125rem; color: var(--soft); }
a { color: var(--accent); text-underline-offset: .15em; }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: .875em; }
:not(pre) > code { background: var(--panel); border: 1px solid var(--line); border-radius: 4px; padding: .05em .3em; overflow-wrap: anywhere; -webkit-box-decoration-break: clone; box-decoration-break: clone; }
pre { margin: 0 0 1rem; padding: .8rem 1rem; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; overflow-x: auto; line-height: 1.5; font-size: .875rem; }
pre code { font-size: inherit; }
.key { color: var(--key); } .text { color: var(--text); } .number { color: var(--number); } .literal { color: var(--literal); }
.scroll { overflow-x: auto; margin: 0 0 1rem; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem; border-top: 1px solid var(--line); }
thead th { border-top: 0; background: var(--panel); color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; }
article tbody th { width: 28%; }
tbody th code { white-space: nowrap; }
.optional { color: var(--soft); font-size: .8125rem; font-weight: 400; white-space: nowrap; }
.index { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem; padding: 0; max-width: none; }
article h3 a { color: inherit; text-decoration: none; }
article h3 a:hover { text-decoration: underline; }
article h3 code { font-size: 1em; background: none; border: 0; padding: 0; }
article + article { border-top: 1px dashed var(--line); margin-top: 2rem; }
.conversation { list-style: none; padding: 0; max-width: none; }
.conversation li { max-width: 44rem; margin: 0 0 1rem; padding-left: .9rem; border-left: 4px solid var(--accent); }
.conversation li.client { margin-left: auto; border-color: var(--sent); }
.conversation pre { margin: 0; background: var(--accent-wash); }
.conversation .client pre { background: var(--sent-wash); }
.note { margin: 0 0 .3rem; color: var(--soft); font-size: .9375rem; }
.side { font-weight: 650; color: var(--accent); }
.client .side { color: var(--sent); }
.side::after { content: ":"; }
footer { margin-top: 4rem; color: var(--soft); font-size: .875rem; }
@media (max-width: 56rem) {
  body { display: block; }
  nav { position: static; max-height: none; padding: 1.5rem 1rem 0; }
  nav ul { display: flex; flex-wrap: wrap; gap: .4rem; }
  nav li a { border: 1px solid var(--line); border-radius: 999px; padding: .2rem .75rem; font-size: .9375rem; }
  main { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.7rem; }
}
@media (max-width: 40rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody, tr, th, td { display: block; }
  tr { padding: .5rem 0; border-top: 1px solid var(--line); }
  tr:first-child { border-top: 0; }
  tbody th, td { border: 0; padding: .15rem .75rem; }
  tbody th code { white-space: normal; }
  article tbody th { width: auto; }
  td:empty { display: none; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); font-size: .8125rem; }
}
@media print { nav, .skip { display: none; } body { display: block; } }
`;
