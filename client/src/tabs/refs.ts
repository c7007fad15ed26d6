/** The `ref` of a command on the shared socket: the number of its tab, and the `ref` that the tab gave it. */

import type { EventOf } from '../contract/events.ts';

/** The number of the leader's own tab. Its followers count from 1. */
export const leaderTab = 0;
/** Commands that no tab has sent, but the leader on behalf of all. */
export const noTab = -1;

export interface TabRef {
  tab: number;
  ref: string;
}

export const sharedRef = ({ tab, ref }: TabRef): string => `${tab}.${ref}`;

/** Returns undefined for a `ref` that was not made here. */
export function parseSharedRef(ref: string | undefined): TabRef | undefined {
  const [, tab, own] = /^(-?\d+)\.(.*)$/.exec(ref ?? '') ?? [];
  return tab === undefined || own === undefined ? undefined : { tab: Number(tab), ref: own };
}

/** Returns the event as it is kept for other tabs. */
export function withoutRef(event: EventOf<'ready'>): EventOf<'ready'> {
  const { ref: _, ...kept } = event;
  return kept;
}
