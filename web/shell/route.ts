/** The view that the address names, so that links, reloads and the browser's buttons work. */
import { useMemo, useSyncExternalStore } from 'react';

export type Route = { view: 'rooms' } | { view: 'account' } | { view: 'room'; roomId: string };

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return useMemo(() => routeOf(hash), [hash]);
}

export function go(route: Route): void {
  location.hash = hashOf(route);
}

export function hashOf(route: Route): string {
  return route.view === 'room' ? `#/room/${route.roomId}` : `#/${route.view}`;
}

function routeOf(hash: string): Route {
  const [, view, roomId] = hash.split('/');
  if (view === 'room' && roomId !== undefined) return { view, roomId };
  return { view: view === 'account' ? 'account' : 'rooms' };
}

function subscribe(listener: () => void): () => void {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
}
