/** The hook for typing indicators. */
import { useCallback } from 'react';
import type { Room, RoomSnapshot, TypingUser } from '../index.ts';
import { haveSameItems, useSelected } from './use-selected.ts';

/** What `useTyping` returns. */
export interface TypingState {
  /** The other users who are typing. */
  typing: readonly TypingUser[];
  /** Call it on each key press in the room's input field, and with `false` when the field was left or emptied. */
  setTyping: (isTyping?: boolean) => void;
}

/**
 * Returns the other users who are typing in a room, and a function that reports the user's own typing. The function may
 * be called on each key press: it sends an indicator every three seconds at most.
 *
 * @param room of `useRoom`
 * @example
 * const { typing, setTyping } = useTyping(room);
 *
 * <input onInput={() => setTyping()} onBlur={() => setTyping(false)} />
 * <p aria-live="polite">{typing.map(({ username }) => username).join(', ')}</p>
 */
export function useTyping(room: Room | undefined): TypingState {
  const typing = useSelected(room, selectTyping, haveSameItems);
  const setTyping = useCallback((isTyping = true) => room?.setTyping(isTyping), [room]);
  return { typing, setTyping };
}

const none: readonly TypingUser[] = [];

function selectTyping(snapshot: RoomSnapshot | undefined): readonly TypingUser[] {
  return snapshot?.typing ?? none;
}
