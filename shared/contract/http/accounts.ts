/** Rows for `/users`: identity, tokens, profiles, looking people up. */
import * as z from 'zod';
import { Profile, RegisteredUser, TokenPair, UserSummary } from '../entities.ts';
import { Username, UsernamePrefix, WellFormedText } from '../identifiers.ts';
import { limits } from '../limits.ts';
import { operation } from './operation.ts';

const NewPassword = WellFormedText.min(limits.passwordMinimumLength)
  .max(limits.passwordMaximumLength)
  .meta({ description: 'Stored as a hash only.', format: 'password' });

/** An empty string is what the seed's clients send for "none". */
const Email = z.union([z.literal(''), z.email().max(limits.emailLength)]).nullable();

const PersonName = WellFormedText.max(limits.nameLength);
const ReadOnly = z.unknown().meta({ readOnly: true, description: 'Ignored.' });

const RefreshBody = z.strictObject({ refresh: z.string().min(1).max(4_096) });

export const accountOperations = {
  registerUser: operation({
    methods: ['POST'],
    path: '/users/auth/register/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Register a new user',
    auth: 'none',
    body: z.strictObject({ username: Username, email: Email.optional(), password: NewPassword }).meta({
      id: 'RegisterUser',
      example: { username: 'ann', email: 'ann@example.com', password: 'correct-horse-7' },
    }),
    responses: { 201: RegisteredUser },
    errors: ['username_taken', 'email_taken', 'rate_limited'],
  }),
  loginUser: operation({
    methods: ['POST'],
    path: '/users/auth/login/',
    function: 'accounts',
    tag: 'Authentication',
    summary: 'Obtain access and refresh tokens',
    auth: 'none',
    body: z
      .strictObject({ username: z.string().min(1).max(1_024), password: z.string().min(1).max(4_096) })
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
    body: z
      .strictObject({
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
  findUsers: operation({
    methods: ['GET'],
    path: '/users/',
    function: 'accounts',
    tag: 'Users',
    summary: 'Look people up by the start of their username',
    auth: 'required',
    query: z.object({ username: UsernamePrefix }),
    responses: { 200: z.array(UserSummary).max(limits.userLookupSize) },
  }),
} as const;
