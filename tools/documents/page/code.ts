/** Formats JSON and code examples. */
import { Html, markup, type Insertable } from './html.ts';

const token = /("(?:[^"\\]|\\.)*")(\s*:)|("(?:[^"\\]|\\.)*")|\b(true|false|null)\b|(-?\d+(?:\.\d+)?)/g;

const escapeText = (text: string) => markup`${text}`.text;

function span(name: string, text: string): string {
  return `<span class="${name}">${escapeText(text)}</span>`;
}

const lineWidth = 80;

/** Formats JSON with each object or list on one line if it fits. */
function layOut(value: unknown, indent = ''): string {
  const line = JSON.stringify(value, undefined, 1).replaceAll(/\s*\n\s*/g, ' ');
  if (typeof value !== 'object' || value === null || indent.length + line.length <= lineWidth) return line;
  const inner = `${indent}  `;
  const isList = Array.isArray(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([key, member]) => inner + (isList ? '' : `${JSON.stringify(key)}: `) + layOut(member, inner));
  const [open, close] = isList ? '[]' : '{}';
  return `${open}\n${members.join(',\n')}\n${indent}${close}`;
}

/** Formats JSON with colored keys, strings, numbers and literals. */
export function json(value: unknown): Html {
  const text = layOut(value);
  let shown = '';
  let end = 0;
  for (const match of text.matchAll(token)) {
    const [whole, key, colon, string, literal] = match;
    shown += escapeText(text.slice(end, match.index));
    end = match.index + whole.length;
    if (key !== undefined) shown += span('key', key) + (colon ?? '');
    else if (string !== undefined) shown += span('text', string);
    else shown += span(literal === undefined ? 'number' : 'literal', whole);
  }
  return new Html(shown + escapeText(text.slice(end)));
}

/** Returns a block of code. It is focusable, so that it can be scrolled with the keyboard. */
export function code(label: string, content: Insertable): Html {
  return markup`<pre tabindex="0" role="region" aria-label="${label}"><code>${content}</code></pre>`;
}
