/**
 * The version of an item's form. An entity has the attribute only once its form has changed, and an item without it has
 * version 1, so that items whose form never changed cost nothing for it. `npm run migrate` brings stored items up to date.
 */
import { number, withDefault } from './attributes.ts';

/** To be listed in the attributes of an entity whose form has changed; a whole item is then written with its version. */
export const schemaVersion = withDefault(number('v'), 1);
