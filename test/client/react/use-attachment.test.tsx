/** The addresses of attachments are renewed when they end, and once when a file cannot be loaded. */
import { act, fireEvent } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { MessageList, useRoom } from '../../../client/src/react/index.ts';
import '../../../client/src/uploads/uploader.ts';
import { problem } from '../fake-system.ts';
import { said } from '../server-events.ts';
import { renderOpenRoom, useRendering } from './kit.tsx';
import { useLayout } from './layout.ts';

useRendering();
useLayout();

function Conversation() {
  const { room } = useRoom('general');
  return <MessageList room={room} />;
}

const far = 4_000_000_000;
const addressOf = (until: number, name = 'original'): string =>
  `https://chat.test/files/r/f/${name}?until=${until}&signature=s`;

const pictureOf = (until: number) => ({
  attachment_id: 'a1',
  name: 'plan.png',
  type: 'image/png',
  size: 2_048,
  alt: 'a plan',
  width: 640,
  height: 480,
  url: addressOf(until),
  thumbnail_url: addressOf(until, '320'),
});

const image = (): HTMLImageElement | null => document.querySelector('article img');

async function show(until: number, answer: () => Response) {
  const rendering = await renderOpenRoom(<Conversation />, {
    answers: { 'GET /chat/attachments/a1/': answer },
  });
  rendering.push(said(1, 'look', { attachments: [pictureOf(until)] }));
  await rendering.pass(100);
  return rendering;
}

describe('an image of a message', () => {
  test('is shown small, in words, and takes its space before it is loaded', async () => {
    const { system } = await show(far, () => problem(404, 'not_found'));
    expect(image()).toMatchObject({ src: addressOf(far, '320'), alt: 'a plan' });
    expect(image()?.getAttribute('width')).toBe('640');
    expect(image()?.style.aspectRatio).toBe('640 / 480');
    expect(image()?.closest('a')?.href).toBe(addressOf(far));
    expect(system.requests.filter((name) => name.includes('/attachments/'))).toEqual([]);
  });

  test('gets a new address when the old one has ended, without being asked', async () => {
    const { system } = await show(1_000, () => Response.json(pictureOf(far)));
    expect(image()?.src).toBe(addressOf(far, '320'));
    expect(system.requests.filter((name) => name.includes('/attachments/'))).toHaveLength(1);
  });

  test('gets a new address once when it cannot be loaded, and is reported as gone when that one fails, too', async () => {
    const { system, pass } = await show(far, () => Response.json(pictureOf(far + 1)));
    fireEvent.error(image()!);
    await pass(100);
    expect(image()?.src).toBe(addressOf(far + 1, '320'));
    fireEvent.error(image()!);
    await pass(100);
    expect(image()).toBeNull();
    expect(document.querySelector('article li')?.textContent).toBe('plan.png: no longer available');
    expect(system.requests.filter((name) => name.includes('/attachments/'))).toHaveLength(1);
  });

  test('is loaded again when its address still is the same', async () => {
    const { pass } = await show(far, () => Response.json(pictureOf(far)));
    fireEvent.error(image()!);
    await pass(100);
    expect(image()?.src).toBe(`${addressOf(far, '320')}#again`);
  });

  test('is reported as gone when its message is, and not when the network is', async () => {
    let answer = (): Response => problem(503, 'try_again');
    const { pass } = await show(far, () => answer());
    fireEvent.error(image()!);
    await pass(100);
    expect(image()).not.toBeNull();
    answer = () => problem(404, 'not_found');
    await act(async () => void fireEvent.error(image()!));
    await pass(100);
    expect(image()).toBeNull();
  });
});

describe('other files of a message', () => {
  test.each([
    ['audio/mpeg', 'audio[controls][aria-label="song"]', ''],
    ['video/mp4', 'video[controls][aria-label="song"]', ''],
    ['application/pdf', 'a[download="song"]', 'Download song (1.4 MB)'],
    ['image/svg+xml', 'a[download="song"]', 'Download song (1.4 MB)'],
  ])('of type %s are shown as %s', async (type, selector, text) => {
    const { push, pass } = await renderOpenRoom(<Conversation />);
    const file = { attachment_id: 'a1', name: 'song', type, size: 1_400_000, url: addressOf(far) };
    push(said(1, '', { attachments: [file] }));
    await pass(100);
    const shown = document.querySelector(`article ${selector}`);
    expect(shown?.textContent).toBe(text);
  });

  test('are read aloud by what they show when the message has no text', async () => {
    const { push, pass } = await renderOpenRoom(<Conversation />, { messages: 1 });
    push(said(2, '', { attachments: [pictureOf(far)] }));
    await pass(100);
    expect(document.querySelector('[data-part="announcement"]')?.textContent).toBe('bob: a plan');
  });
});
