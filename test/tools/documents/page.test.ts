/** Checks the committed page of the WebSocket documentation. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { markup, prose } from '../../../tools/documents/page/html.ts';
import { frameCodes } from '../../../shared/contract/errors.ts';
import { commands } from '../../../shared/contract/websocket/commands.ts';
import { events } from '../../../shared/contract/websocket/events.ts';
import { HandshakeQuery } from '../../../shared/contract/websocket/handshake.ts';

const page = readFileSync('functions/chat/static/websocket-docs.html', 'utf8');
const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);

test('the page has no scripts and loads no files', () => {
  expect(page).not.toMatch(/<(?:script|link|img|iframe|object|embed|form|base)\b|javascript:/i);
  const tags = [...page.matchAll(/<[a-z][^>]*>/gi)].map(([tag]) => tag);
  expect(tags.length).toBeGreaterThan(500);
  expect(tags.filter((tag) => /\s(?:style|on[a-z]+)=/i.test(tag))).toEqual([]);
  expect(page.slice(page.indexOf('<style>'), page.indexOf('</style>'))).not.toMatch(/url\(|@import/i);
  const addresses = [...page.matchAll(/\s(?:href|src)="([^"]+)"/g)].map(([, address]) => address);
  expect(new Set(addresses.filter((address) => !address?.startsWith('#')))).toEqual(
    new Set(['/swagger/', '/asyncapi.yaml']),
  );
});

test('the page has an entry for each command and each event', () => {
  expect(ids).toEqual(expect.arrayContaining(Object.keys(commands).map((name) => `command-${name}`)));
  expect(ids).toEqual(expect.arrayContaining(Object.keys(events).map((name) => `event-${name}`)));
});

test('the page explains all codes and all options of the handshake', () => {
  expect(ids).toEqual(expect.arrayContaining(Object.values(frameCodes).map(({ code }) => `code-${code}`)));
  for (const name of Object.keys(HandshakeQuery.shape)) expect(page).toContain(`<code>${name}</code>`);
});

test('all links within the page resolve, and all anchors are unique', () => {
  const targets = [...page.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThan(50);
  expect(targets.filter((target) => !ids.includes(target))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('the page is accessible: it has a language, one title, no skipped heading level, and named regions', () => {
  expect(page).toContain('<html lang="en">');
  const levels = [...page.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level));
  expect(levels.filter((level) => level === 1)).toHaveLength(1);
  levels.reduce((before, level) => {
    expect(level).toBeLessThanOrEqual(before + 1);
    return level;
  });
  const regions = [...page.matchAll(/<[^>]+role="region"[^>]*>/g)].map(([tag]) => tag);
  expect(regions.length).toBeGreaterThan(20);
  for (const region of regions) {
    expect(region).toMatch(/tabindex="0"/);
    expect(region).toMatch(/aria-label="[^"]+"/);
  }
});

test('templates escape their values', () => {
  expect(markup`<p>${'<script>"&\''}</p>`.text).toBe('<p>&lt;script&gt;&quot;&amp;&#39;</p>');
  expect(prose('take `<b>` & go').text).toBe('take <code>&lt;b&gt;</code> &amp; go');
});
