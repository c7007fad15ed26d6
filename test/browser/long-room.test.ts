/** A room of 10,000 messages on the page: scrolling through it renders only what is in sight. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { chunk } from '../../shared/domain/chunk.ts';
import { uniqueName } from '../kit/names.ts';
import { newUser } from '../kit/users.ts';
import { said } from '../client/server-events.ts';
import { createRoom, messageWith, signIn } from './page-views.ts';
import { chromium, useBrowser } from './use-browser.ts';
import { usePageRuntime } from './use-page-runtime.ts';

const messages = 10_000;
/** Far more than a screen shows, far less than the room has. */
const maxRows = 80;

const browser = useBrowser();
const runtime = usePageRuntime();

interface Frame {
  type: string;
  room_id?: string;
  head?: number;
}

/** Makes every room that the page opens one of many messages: storing them would take longer than all other tests. */
async function fillRooms(page: Page): Promise<void> {
  const fill = (frame: Frame): object[] => {
    if (frame.type === 'ready' && frame.room_id !== undefined) return [{ ...frame, head: messages }];
    if (frame.type !== 'history_end') return [frame];
    const { room_id: roomId } = frame;
    const stored = Array.from({ length: messages }, (_, index) =>
      // Every seventh is of several lines.
      said(index + 1, `Message ${index + 1}. ${'And some more words. '.repeat(index % 7 === 0 ? 12 : 1)}`, {
        room_id: roomId,
      }),
    );
    return [...stored, { ...frame, head: messages, first_seq: 1, has_more: false }];
  };
  await page.routeWebSocket(/\/ws/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((text) => {
      // The server has none of the messages that are read.
      const { type }: Frame = JSON.parse(String(text));
      if (type !== 'read') server.send(text);
    });
    server.onMessage((text) => {
      const received: Frame | Frame[] = JSON.parse(String(text));
      const frames = Array.isArray(received) ? received : [received];
      // Many events in one frame, as under load.
      for (const events of chunk(
        frames.flatMap((one) => fill(one)),
        500,
      ))
        socket.send(JSON.stringify(events.length === 1 ? events[0] : events));
    });
  });
}

/** Runs in the page: scrolls from the first unread message, which is the oldest, to the end, one step in each frame, and measures the frames. */
const scrollThrough = `(async () => {
  const list = document.querySelector('[data-part="scroller"]');
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const durations = [];
  let maxRows = 0;
  let before = await frame();
  const step = list.scrollHeight / 150;
  // Rows that were measured change the height, so the steps may end before the list does.
  for (let count = 0; count < 250 && list.scrollHeight - list.scrollTop - list.clientHeight > 2; count += 1) {
    list.scrollTop = count < 200 ? list.scrollTop + step : list.scrollHeight;
    const now = await frame();
    durations.push(now - before);
    before = now;
    maxRows = Math.max(maxRows, list.querySelectorAll('article').length);
  }
  durations.sort((one, other) => one - other);
  return { frames: durations.length, median: durations[durations.length >> 1], longest: durations.at(-1),
    over50: durations.filter((one) => one > 50).length, maxRows };
})()`;

interface Measured {
  frames: number;
  median: number;
  longest: number;
  over50: number;
  maxRows: number;
}

describe.skipIf(chromium === undefined)('a room of 10,000 messages', () => {
  test('has few elements while it is scrolled from its start to its end', async () => {
    const page = await browser.open('about:blank');
    await fillRooms(page);
    await page.goto(runtime().url);
    await signIn(page, await newUser('reader'));
    await createRoom(page, uniqueName('long'));
    await messageWith(page, 'Message 1.').waitFor();
    const measured: Measured = await page.evaluate(scrollThrough);
    const { frames, median, longest, over50 } = measured;
    process.stdout.write(
      `${frames} frames: median ${median.toFixed(1)} ms, longest ${longest.toFixed(1)} ms, ${over50} over 50 ms\n`,
    );
    await messageWith(page, `Message ${messages}.`).waitFor();
    expect(await messageWith(page, 'Message 1.').count()).toBe(0);
    expect(frames).toBeGreaterThan(100);
    expect(measured.maxRows).toBeLessThan(maxRows);
    // The machine may do other things in some frames, but not in half of them.
    expect(median).toBeLessThan(50);
    await browser.close(page);
  }, 60_000);
});
