/** A short name for the device of a session. */
import { strings } from '../strings.ts';

/** The names that a `User-Agent` header contains, the more specific ones first: Chrome also claims to be Safari. */
const browsers = ['Firefox', 'Edg', 'OPR', 'Chrome', 'Safari'];
const systems = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac OS', 'Linux'];

/** Returns such as `Firefox, Windows`, or the header itself when it is not that of a browser. */
export function deviceName(userAgent: string | null): string {
  if (userAgent === null) return strings.unknownDevice;
  const browser = browsers.find((name) => userAgent.includes(`${name}/`));
  const system = systems.find((name) => userAgent.includes(name));
  if (browser === undefined) return userAgent;
  const name = { Edg: 'Edge', OPR: 'Opera' }[browser] ?? browser;
  return system === undefined ? name : `${name}, ${system}`;
}
