/** Rows for `/users`: identity, tokens, profiles, looking people up. */
import * as z from 'zod';
import { AccountExport, Profile, RegisteredUser, Session, TokenPair, UserSummary } from '../entities.ts';
import { SessionId, Username, UsernamePrefix } from '../identifiers.ts';
import { limits } from '../limits.ts';
import { hasVisibleCharacter } from '../characters.ts';
import { changesDirection, keepsDirection, LineOfText, WellFormedText } from '../text.ts';
import { operation } from './operation.ts';

const NewPassword = WellFormedText.min(limits.passwordMinimumLength).max(limits.passwordMaximumLength).meta({
  description:
    'None of those that everybody tries, and not made of the user’s own names. Stored as a hash only.',
  format: 'password',
});

const PresentPassword = z.string().min(1).max(4_096).meta({ format: 'password' });

/** An empty string is what the seed's clients send for "none". */
const Email = z
  .union([z.literal(''), z.email().max(limits.emailLength)])
  .nullable()
  .meta({ description: 'Not verified, and so not unique: several users may give the same address.' });

const PersonName = LineOfText.max(limits.nameLength)
  .refine(keepsDirection, changesDirection)
  .refine((name) => name.trim() === '' || hasVisibleCharacter(name), 'has no visible character');
const ReadOnly = z.unknown().meta({ readOnly: true, description: 'Ignored.' });

const RefreshBody = z.object({ refresh: z.string().min(1).max(4_096) });

export const accountOperations = {
  registerUser: operation({
    methods: ['POST'],
    path: '/users/auth/register/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Register a new user',
    auth: 'none',
    body: z.object({ username: Username, email: Email.optional(), password: NewPassword }).meta({
      id: 'RegisterUser',
      example: { username: 'ann', email: 'ann@example.com', password: 'correct-horse-7' },
    }),
    responses: { 201: RegisteredUser },
    errors: ['username_taken', 'rate_limited'],
  }),
  loginUser: operation({
    methods: ['POST'],
    path: '/users/auth/login/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Obtain access and refresh tokens',
    auth: 'none',
    body: z
      .object({ username: z.string().min(1).max(1_024), password: z.string().min(1).max(4_096) })
      .meta({ id: 'LoginUser', example: { username: 'ann', password: 'correct-horse-7' } }),
    responses: { 200: TokenPair },
    errors: ['invalid_credentials', 'rate_limited'],
  }),
  refreshTokens: operation({
    methods: ['POST'],
    path: '/users/token/refresh/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Exchange a refresh token for new tokens',
    auth: 'none',
    body: RefreshBody.meta({ id: 'RefreshTokens' }),
    responses: { 200: TokenPair },
    errors: ['invalid_refresh_token'],
  }),
  logoutUser: operation({
    methods: ['POST'],
    path: '/users/auth/logout/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'End the session of a refresh token',
    description: 'The session’s sockets are closed. Ending a session that is over already is no error.',
    auth: 'none',
    body: RefreshBody.meta({ id: 'LogoutUser' }),
    responses: { 204: null },
    errors: ['invalid_refresh_token'],
  }),
  listSessions: operation({
    methods: ['GET'],
    path: '/users/auth/sessions/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Where the caller is signed in, newest first',
    auth: 'required',
    responses: { 200: z.array(Session) },
  }),
  endSessions: operation({
    methods: ['DELETE'],
    path: '/users/auth/sessions/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Sign out everywhere',
    description: 'Ends every session of the caller, this one included, and closes their sockets.',
    auth: 'required',
    charge: { costMicroDollars: 100 },
    responses: { 204: null },
  }),
  endSession: operation({
    methods: ['DELETE'],
    path: '/users/auth/sessions/{session_id}/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'End one of the caller’s sessions',
    description: 'Its access tokens are refused from then on, and its sockets closed within five seconds.',
    auth: 'required',
    charge: { costMicroDollars: 100 },
    params: z.object({ session_id: SessionId }),
    responses: { 204: null },
    errors: ['not_found'],
  }),
  changePassword: operation({
    methods: ['POST'],
    path: '/users/auth/password/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Change the caller’s password',
    description:
      'A wrong `old_password` is a 400 that names the field, since the access token is good. Every other session of the caller ends; the one that asks stays.',
    auth: 'required',
    charge: { costMicroDollars: 100 },
    body: z.object({ old_password: PresentPassword, new_password: NewPassword }).meta({
      id: 'ChangePassword',
      example: { old_password: 'correct-horse-7', new_password: 'battery-staple-8' },
    }),
    responses: { 204: null },
    errors: ['rate_limited'],
  }),
  getProfile: operation({
    methods: ['GET'],
    path: '/users/auth/profile/',
    function: 'accounts',
    tag: 'Users',
    summary: 'The caller’s profile',
    auth: 'required',
    responses: { 200: Profile },
  }),
  updateProfile: operation({
    methods: ['PUT', 'PATCH'],
    path: '/users/auth/profile/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Change the caller’s profile',
    description: 'What is left out stays as it is. Read-only fields may be sent back and are ignored.',
    auth: 'required',
    charge: { costMicroDollars: 10, isWrite: true },
    body: z
      .object({
        first_name: PersonName.optional(),
        last_name: PersonName.optional(),
        id: ReadOnly.optional(),
        username: ReadOnly.optional(),
        email: ReadOnly.optional(),
        profile_picture: ReadOnly.optional(),
      })
      .meta({ id: 'UpdateProfile', example: { first_name: 'Ann', last_name: 'Arbor' } }),
    responses: { 200: Profile },
  }),
  deleteAccount: operation({
    methods: ['DELETE'],
    path: '/users/auth/profile/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Delete the caller’s account for good',
    description:
      'Asks for the password, or for a sign-in of the last ten minutes; a wrong password is a 400 that names the field. Profile, e-mail address, password, sessions, memberships and read markers are removed. Messages stay, as do rooms that others can reach, under the name “deleted user”. Nobody can take the username again.',
    auth: 'required',
    charge: { costMicroDollars: 100 },
    body: z
      .object({ password: PresentPassword.optional() })
      .meta({ id: 'DeleteAccount', example: { password: 'correct-horse-7' } }),
    bodyOptional: true,
    responses: { 204: null },
    errors: ['rate_limited'],
  }),
  exportAccount: operation({
    methods: ['GET'],
    path: '/users/auth/export/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Everything that is stored about the caller',
    description:
      'The first page tells of the account and its sessions. Memberships follow, so many to a page, and then the messages, which are looked for in the rooms that the caller belongs to or once left.',
    auth: 'required',
    charge: { costMicroDollars: 250 },
    query: z.object({
      cursor: z.string().min(1).max(4_096).optional().describe('From the Link header of the page before.'),
    }),
    responses: { 200: AccountExport },
    paged: true,
  }),
  findUsers: operation({
    methods: ['GET'],
    path: '/users/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Look people up by the start of their username',
    auth: 'required',
    charge: { costMicroDollars: 5 },
    query: z.object({ username: UsernamePrefix }),
    rate: 'lookups',
    responses: { 200: z.array(UserSummary).max(limits.userLookupSize) },
    errors: ['rate_limited'],
  }),
} as const;
