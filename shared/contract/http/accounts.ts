/** Rows for `/users`: accounts, sessions, profiles and the search for users. */
import * as z from 'zod';
import { AccountExport, Profile, RegisteredUser, Session, TokenPair, UserSummary } from '../entities.ts';
import { DeclarePicture, UploadForm } from '../files.ts';
import { SessionId, Username, UsernamePrefix } from '../identifiers.ts';
import * as limits from '../limits.ts';
import { hasVisibleCharacter } from '../characters.ts';
import { directionControlMessage, hasNoDirectionControl, LineOfText, WellFormedText } from '../text.ts';
import { operation } from './operation.ts';
import { CursorQuery, ReadOnly } from './schemas.ts';

const NewPassword = WellFormedText.min(limits.passwordMinimumLength).max(limits.passwordMaximumLength).meta({
  description:
    'Must not be a common password, and must not consist of the user’s own names. Only a hash of it is stored.',
  format: 'password',
});

const CurrentPassword = z.string().min(1).max(4_096).meta({ format: 'password' });

/** Clients of the predecessor send an empty string for "none". */
const Email = z
  .union([z.literal(''), z.email().max(limits.emailLength)])
  .nullable()
  .meta({ description: 'Neither verified nor unique: several users may have the same address.' });

const PersonName = LineOfText.max(limits.nameLength)
  .refine(hasNoDirectionControl, directionControlMessage)
  .refine((name) => name.trim() === '' || hasVisibleCharacter(name), 'must contain a visible character');

const RefreshBody = z.object({ refresh: z.string().min(1).max(4_096) });

export const accountOperations = {
  registerUser: operation({
    methods: ['POST'],
    path: '/users/auth/register/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Register a user',
    auth: 'none',
    body: z.object({ username: Username, email: Email.optional(), password: NewPassword }).meta({
      id: 'RegisterUser',
      example: { username: 'cara', email: 'cara@example.com', password: 'quiet-harbor-97' },
    }),
    responses: { 201: RegisteredUser },
    errors: ['username_taken', 'rate_limited'],
  }),
  loginUser: operation({
    methods: ['POST'],
    path: '/users/auth/login/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Sign in',
    description:
      'Returns an access token and a refresh token. The answer is the same for an unknown user and a wrong password.',
    auth: 'none',
    body: z
      .object({ username: z.string().min(1).max(1_024), password: z.string().min(1).max(4_096) })
      .meta({ id: 'LoginUser', example: { username: 'ann', password: 'lantern-orbit-42' } }),
    responses: { 200: TokenPair },
    errors: ['invalid_credentials', 'rate_limited'],
  }),
  refreshTokens: operation({
    methods: ['POST'],
    path: '/users/token/refresh/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Refresh the tokens',
    description: 'Exchanges a refresh token for a new pair of tokens.',
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
    summary: 'Sign out',
    description:
      'Ends the session of the refresh token and closes its sockets. A session that has already ended is not an error.',
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
    summary: 'List the caller’s sessions, newest first',
    auth: 'required',
    responses: { 200: z.array(Session) },
  }),
  endSessions: operation({
    methods: ['DELETE'],
    path: '/users/auth/sessions/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Sign out everywhere',
    description: 'Ends all sessions of the caller, including the current one, and closes their sockets.',
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
    description:
      'The access tokens of the session are refused from then on, and its sockets are closed within five seconds.',
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
      'A wrong `old_password` is answered with 400 and names the field. All other sessions of the caller end; the current one continues.',
    auth: 'required',
    charge: { costMicroDollars: 100 },
    body: z.object({ old_password: CurrentPassword, new_password: NewPassword }).meta({
      id: 'ChangePassword',
      example: { old_password: 'lantern-orbit-42', new_password: 'copper-meadow-58' },
    }),
    responses: { 204: null },
    errors: ['rate_limited'],
  }),
  getProfile: operation({
    methods: ['GET'],
    path: '/users/auth/profile/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Get the caller’s profile',
    auth: 'required',
    responses: { 200: Profile },
  }),
  updateProfile: operation({
    methods: ['PUT', 'PATCH'],
    path: '/users/auth/profile/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Change the caller’s profile',
    description: 'Fields that are left out keep their value. Read-only fields are ignored.',
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
  createProfilePicture: operation({
    methods: ['POST'],
    path: '/users/auth/profile/picture/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Declare a new profile picture',
    description: `Answers with a form for the picture: post it within ${limits.uploadFormLifetimeSeconds} seconds, with \`fields\` first and the file as the last field, \`file\`. The profile shows the picture once it is checked, within a few seconds; a picture that is refused changes nothing. A picture is a JPEG, a PNG or a WebP of at most 1 MiB, of which the middle square is kept; a larger one is refused with \`file_too_large\`. It counts as one of the files that a user may declare in a day.`,
    auth: 'required',
    // The form's request and the objects that are made of it, and one check of the largest image that is accepted.
    charge: { costMicroDollars: 300, isWrite: true },
    body: DeclarePicture,
    responses: { 201: UploadForm },
    errors: ['file_too_large', 'rate_limited'],
  }),
  removeProfilePicture: operation({
    methods: ['DELETE'],
    path: '/users/auth/profile/picture/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Remove the profile picture',
    description:
      'Without effect when there is none. A picture that was declared before, and is not checked yet, is not shown any more either.',
    auth: 'required',
    charge: { costMicroDollars: 20, isWrite: true },
    responses: { 204: null },
  }),
  deleteAccount: operation({
    methods: ['DELETE'],
    path: '/users/auth/profile/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Delete the caller’s account',
    description:
      'Needs the password, unless the caller signed in within the last ten minutes. A wrong password is answered with 400 and names the field. Deletes the profile, e-mail address, password, sessions, memberships and read markers. Messages stay without their attachments and show “deleted user” as their sender. Files, unsent uploads and profile pictures are removed. Rooms that other users can reach stay and show it as their creator. The username cannot be registered again. This cannot be undone.',
    auth: 'required',
    charge: { costMicroDollars: 100 },
    body: z
      .object({ password: CurrentPassword.optional() })
      .meta({ id: 'DeleteAccount', example: { password: 'lantern-orbit-42' } }),
    bodyOptional: true,
    responses: { 204: null },
    errors: ['rate_limited'],
  }),
  exportAccount: operation({
    methods: ['GET'],
    path: '/users/auth/export/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Export the caller’s data',
    description:
      'Returns everything that is stored about the caller. The first page has the account and its sessions. The next pages have the memberships and then the messages, from all rooms that the caller is or was a member of.',
    auth: 'required',
    charge: { costMicroDollars: 250 },
    query: CursorQuery,
    responses: { 200: AccountExport },
    paged: true,
  }),
  findUsers: operation({
    methods: ['GET'],
    path: '/users/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Search users by the start of their username',
    auth: 'required',
    charge: { costMicroDollars: 5 },
    query: z.object({ username: UsernamePrefix }),
    rate: 'lookups',
    responses: { 200: z.array(UserSummary).max(limits.userLookupSize) },
    errors: ['rate_limited'],
  }),
} as const;
