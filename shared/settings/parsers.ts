/**
 * Parsers from the text of an environment variable to its value. They are written by hand: loading a schema library
 * would take a sixth of the time that a function needs to start, and some functions use none otherwise.
 */

export interface Parser<T> {
  /** Returns undefined for a text that is not accepted. */
  parse(text: string): T | undefined;
  /** What is accepted, to follow "expected" in an error message. */
  accepts: string;
}

interface Bounds {
  from: number;
  to: number;
}

export function wholeNumber({ from, to }: Bounds): Parser<number> {
  return number(/^\d+$/, 'a whole number', { from, to });
}

/** Accepts fractions, so that tests can use lifetimes of seconds. */
export function decimal({ from, to }: Bounds): Parser<number> {
  return number(/^\d+(\.\d+)?$/, 'a number', { from, to });
}

function number(pattern: RegExp, kind: string, { from, to }: Bounds): Parser<number> {
  return {
    parse(text) {
      const value = Number(text);
      return pattern.test(text) && value >= from && value <= to ? value : undefined;
    },
    accepts: `${kind} from ${from} to ${to}`,
  };
}

/** Accepts one of the listed numbers. */
export function oneOf<const T extends number>(...values: readonly T[]): Parser<T> {
  return {
    parse: (text) => values.find((value) => String(value) === text),
    accepts: `one of ${values.join(', ')}`,
  };
}

/** Accepts one of the listed texts. */
export function choice<const T extends string>(...values: readonly T[]): Parser<T> {
  return {
    parse: (text) => values.find((value) => value === text),
    accepts: `one of ${values.join(', ')}`,
  };
}

/** `True` and `False` are the spelling of the predecessor's settings. */
export const boolean: Parser<boolean> = {
  parse(text) {
    if (/^(true|True|1)$/.test(text)) return true;
    return /^(false|False|0)$/.test(text) ? false : undefined;
  },
  accepts: 'True, true, 1, False, false or 0',
};

/** Accepts an empty list: with it no origin is allowed. */
export const origins = listOf(isOrigin, 'origins such as https://chat.example, or *, separated by commas');

/** Accepts the names of environment variables; whether each of them is a setting is checked where the list is used. */
export const variableNames = listOf(
  (text) => /^[A-Z][A-Z0-9_]*$/.test(text),
  'names of variables, separated by commas',
);

/** Accepts an empty list. The prefix `aws:` is reserved. */
export const tagList = listOf(
  (text) => /^(?!aws:)[\w.:/+@-]{1,128}=[\w .:/+@-]{0,256}$/i.test(text),
  'tags such as cost-center=42, separated by commas',
);

function listOf(isElement: (text: string) => boolean, accepts: string): Parser<string[]> {
  return {
    parse(text) {
      const list = text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== '');
      return list.every(isElement) ? list : undefined;
    },
    accepts,
  };
}

function isOrigin(text: string): boolean {
  return text === '*' || (URL.canParse(text) && new URL(text).origin === text);
}

export const emailAddress: Parser<string | undefined> = {
  parse: (text) => (/^[^\s@]+@[^\s@]+$/.test(text) ? text : undefined),
  accepts: 'an e-mail address',
};

/** Accepts texts of a pattern; such a setting may have no default. */
function matching(pattern: RegExp, accepts: string): Parser<string | undefined> {
  return { parse: (text) => (pattern.test(text) ? text : undefined), accepts };
}

/** Accepts the id that Secrets Manager gives to a version of a secret. */
export const secretVersion = matching(
  /^[\w-]{32,64}$/,
  'the id of a version of a secret, of 32 to 64 letters, digits and dashes',
);

/** The addresses of ten files fit into the frame of the longest message as long as their host is no longer. */
export const domainNameLength = 128;

export const domainName = matching(
  new RegExp(`^(?=.{4,${domainNameLength}}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$`),
  `a domain name in lower case, such as chat.example.com, of at most ${domainNameLength} characters`,
);

export const hostedZoneId = matching(
  /^Z[A-Z0-9]{1,31}$/,
  'the id of a hosted zone, such as Z0123456789ABCDEFGHIJ',
);

export const certificateArn = matching(
  /^arn:aws[\w-]*:acm:us-east-1:\d{12}:certificate\/[\w-]+$/,
  'the ARN of a certificate in us-east-1',
);

export const webAclArn = matching(
  /^arn:aws[\w-]*:wafv2:us-east-1:\d{12}:global\/webacl\/[\w-]+\/[\w-]+$/,
  'the ARN of a web ACL for CloudFront, which is in us-east-1',
);

export const nonEmptyText: Parser<string> = {
  parse: (text) => text || undefined,
  accepts: 'a text that is not empty',
};

/** The parser of most limits. */
export const limit = wholeNumber({ from: 1, to: 1_000_000 });
