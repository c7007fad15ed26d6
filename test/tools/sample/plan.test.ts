import { describe, expect, it } from 'vitest';
import { explainInvalidRoomName } from '../../../shared/contract/room-names/choosing.ts';
import { contentLength } from '../../../shared/contract/limits.ts';
import { planSample } from '../../../tools/sample/plan.ts';

const now = Date.UTC(2026, 10, 18, 9, 30);
const day = 24 * 60 * 60 * 1_000;
const planned = planSample(now);
const messages = planned.flatMap((room) => room.messages);

describe('the plan of the sample', () => {
  it('has public, private and direct rooms with messages of four weeks, in the order of their times', () => {
    const named = planned.filter(({ isDirect }) => !isDirect);
    expect(named.filter(({ isPrivate }) => isPrivate)).toHaveLength(2);
    expect(named).toHaveLength(8);
    expect(planned.length - named.length).toBe(8);
    for (const room of planned) {
      const times = room.messages.map(({ atMs }) => atMs);
      expect(times).toEqual(times.toSorted((one, other) => one - other));
      expect(times[0]).toBeGreaterThan(room.createdAtMs);
    }
    const times = messages.map(({ atMs }) => atMs);
    expect(Math.max(...times)).toBeLessThanOrEqual(now);
    expect(Math.max(...times)).toBeGreaterThan(now - day);
    expect(Math.min(...times)).toBeLessThan(now - 25 * day);
    expect(messages.length).toBeGreaterThan(2_000);
  });

  it('has the same messages on every day, so that a later run finds nothing missing', () => {
    const later = planSample(now + 3 * day + 5_000_000);
    const texts = (rooms: typeof planned) =>
      rooms.map((room) => room.messages.map(({ content }) => content).toSorted());
    expect(later.map((room) => room.messages.length)).toEqual(planned.map((room) => room.messages.length));
    expect(texts(planSample(now))).toEqual(texts(planned));
  });

  it('has only texts and names that the contract accepts, without a gap that was not filled', () => {
    for (const { name, isDirect } of planned)
      expect(isDirect ? undefined : explainInvalidRoomName(name)).toBeUndefined();
    for (const { content, editedTo } of messages) {
      for (const text of [content, editedTo ?? content]) {
        expect(text).toMatch(/^\S.*\S$|^\S+$/);
        expect(text).not.toMatch(/[{}]|undefined/);
        expect(text.length).toBeLessThanOrEqual(contentLength);
      }
    }
  });

  it('lets only members write, several of them in each room', () => {
    for (const { members, messages } of planned) {
      const authors = new Set(messages.map(({ author }) => author));
      expect([...authors].filter((author) => !members.includes(author))).toEqual([]);
      expect(authors.size).toBe(members.length);
    }
  });

  it('has edits, deletions and unread messages', () => {
    expect(messages.filter(({ editedTo }) => editedTo !== undefined).length).toBeGreaterThan(20);
    expect(messages.filter(({ isDeleted }) => isDeleted).length).toBeGreaterThan(5);
    const unread = planned.flatMap((room) => Object.values(room.unread));
    expect(unread.some((count) => count > 0)).toBe(true);
    expect(unread.some((count) => count === 0)).toBe(true);
  });
});
