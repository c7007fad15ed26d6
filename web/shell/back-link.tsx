/** Leads back to the rooms on narrow screens, which show one view at a time. */
import { strings } from '../strings.ts';
import { hashOf } from './route.ts';

export function BackLink() {
  return (
    <a className="back" href={hashOf({ view: 'rooms' })} aria-label={strings.back}>
      ←
    </a>
  );
}
