/** The composer sends, shows typing, and keeps what was not sent. */
import { act, fireEvent } from '@testing-library/react';
import { describe, expect, test, vi } from 'vitest';
import {
  Composer,
  memoryDraftStore,
  storageDraftStore,
  useRoom,
  type ComposerProps,
} from '../../../client/src/react/index.ts';
import { fakeStorage } from '../fake-storage.ts';
import { renderOpenRoom, useRendering } from './kit.tsx';

useRendering();

function Conversation({ name = 'general', ...props }: Partial<ComposerProps> & { name?: string }) {
  const { room } = useRoom(name);
  return <Composer room={room} drafts={memoryDraftStore()} {...props} />;
}

const field = (): HTMLTextAreaElement => document.querySelector('textarea') as HTMLTextAreaElement;
const button = (): HTMLButtonElement => document.querySelector('button[type=submit]') as HTMLButtonElement;
const write = (value: string): unknown => fireEvent.change(field(), { target: { value } });
const hint = (): string | null | undefined => document.querySelector('output')?.textContent;

describe('the composer', () => {
  test('sends the message and empties the field on Enter', async () => {
    const { socket } = await renderOpenRoom(<Conversation />);
    write('hi');
    fireEvent.keyDown(field(), { key: 'Enter' });
    expect(socket().ofType('message')).toMatchObject([{ content: 'hi' }]);
    expect(field().value).toBe('');
  });

  test.each([
    ['Shift is held', { key: 'Enter', shiftKey: true }],
    ['Enter ends the composition of a character', { key: 'Enter', isComposing: true }],
    ['Enter ends a composition in Safari', { key: 'Enter', keyCode: 229 }],
    ['another key was pressed', { key: 'a' }],
  ])('sends nothing when %s', async (_, event) => {
    const { socket } = await renderOpenRoom(<Conversation />);
    write('hi');
    fireEvent.keyDown(field(), event);
    expect(socket().ofType('message')).toEqual([]);
    expect(field().value).toBe('hi');
  });

  test('sends neither an empty message nor one that is too long, and says how much is too long', async () => {
    const { socket } = await renderOpenRoom(<Conversation maxLength={10} />);
    for (const text of ['', '  \n', 'x'.repeat(11)]) {
      write(text);
      expect(button().disabled).toBe(true);
      fireEvent.keyDown(field(), { key: 'Enter' });
    }
    expect(socket().ofType('message')).toEqual([]);
    expect([hint(), field().getAttribute('aria-invalid')]).toEqual(['1 characters too many', 'true']);
    write('x'.repeat(10));
    fireEvent.click(button());
    expect(socket().ofType('message')).toHaveLength(1);
  });

  test('keeps a message that the client refuses, and says why', async () => {
    await renderOpenRoom(<Conversation />);
    write('bell \u0007');
    fireEvent.click(button());
    expect(field().value).toBe('bell \u0007');
    expect(hint()).toContain('control character');
  });

  test('shows typing on key presses, and its end when the field is left', async () => {
    const { socket } = await renderOpenRoom(<Conversation />);
    write('h');
    write('hi');
    fireEvent.blur(field());
    expect(socket().ofType('typing')).toMatchObject([{ is_typing: true }, { is_typing: false }]);
  });

  test('keeps a draft for each room, and restores it when the room is shown again', async () => {
    const drafts = memoryDraftStore();
    const { show } = await renderOpenRoom(<Conversation drafts={drafts} />);
    write('for general');
    show(<Conversation name="plans" drafts={drafts} />);
    await act(async () => {});
    expect(field().value).toBe('');
    write('for plans');
    show(<Conversation drafts={drafts} />);
    await act(async () => {});
    expect(field().value).toBe('for general');
    fireEvent.keyDown(field(), { key: 'Enter' });
    show(<Conversation name="plans" drafts={drafts} />);
    await act(async () => {});
    expect(field().value).toBe('for plans');
  });

  test('calls back for the Up key in the empty field only', async () => {
    const onUp = vi.fn<() => void>();
    await renderOpenRoom(<Conversation onUp={onUp} />);
    write('hi');
    fireEvent.keyDown(field(), { key: 'ArrowUp' });
    expect(onUp).not.toHaveBeenCalled();
    write('');
    fireEvent.keyDown(field(), { key: 'ArrowUp' });
    expect(onUp).toHaveBeenCalledTimes(1);
  });
});

describe('a store of drafts', () => {
  test('keeps texts in a storage, and removes empty ones', () => {
    const storage = fakeStorage();
    storageDraftStore(storage).set('ann/general', 'later');
    expect(storageDraftStore(storage).get('ann/general')).toBe('later');
    storageDraftStore(storage).set('ann/general', '');
    expect([storage.length, storageDraftStore(storage).get('ann/general')]).toEqual([0, '']);
  });

  test('keeps a text in memory when the storage is full', () => {
    const full = { ...fakeStorage(), setItem: () => expect.fail('full') };
    const drafts = storageDraftStore(full);
    drafts.set('ann/general', 'later');
    expect(drafts.get('ann/general')).toBe('later');
  });
});
