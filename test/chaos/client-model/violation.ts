/** What a run may violate. */

export type Invariant =
  | 'text in another room'
  | 'text under another author'
  | 'text lost'
  | 'text failed without a cause'
  | 'text doubled'
  | 'order of writing changed'
  | 'view without a definite state'
  | 'view closed without a cause'
  | 'view differs from the log'
  | 'view changed its room'
  | 'session ended without a cause'
  | 'room created unasked'
  | 'presence does not end'
  | 'presence is missing';

export interface Violation {
  invariant: Invariant;
  detail: string;
}
