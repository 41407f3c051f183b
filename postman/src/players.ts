import { folder, request } from './request.ts';
import { answers, check, json, keep, keepUniqueName, refuses } from './script.ts';
import {
  createMember,
  deleteMember,
  memberPassword,
  signInAsAdmin,
  signInAsMember,
  signOut,
} from './steps.ts';

export const players = folder(
  'Players',
  'The leaderboard of the lesson. Every signed-in user reads it, and admins change it. A player has a password, which no answer contains, and cannot sign in.',
  [
    signInAsAdmin(),
    request({
      name: 'Enter a player',
      endpoint: 'createPlayer',
      about: 'For admins. `tokens` are the points: a whole number, 0 unless given.',
      bearer: 'token',
      before: [keepUniqueName('player_uid')],
      json: { name: 'Postman Player', uid: '{{player_uid}}', password: memberPassword, tokens: 12 },
      tests: [
        answers(201),
        check(
          'with points and without a password',
          `pm.expect(${json}.tokens).to.eql(12);`,
          `pm.expect(${json}).to.have.all.keys('id', 'name', 'uid', 'tokens');`,
        ),
        keep('player_id', `${json}.id`),
      ],
    }),
    request({
      name: 'List players',
      endpoint: 'listPlayers',
      about: 'By tokens, highest first.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'highest first',
          `const tokens = ${json}.map((player) => player.tokens);`,
          'pm.expect(tokens).to.eql([...tokens].sort((a, b) => b - a));',
        ),
      ],
    }),
    request({
      name: 'Read a player',
      endpoint: 'readPlayer',
      params: { id: '{{player_id}}' },
      about: 'For every signed-in user.',
      bearer: 'token',
      tests: [
        answers(200),
        check(
          'it is the player of this run',
          `pm.expect(${json}.uid).to.eql(pm.variables.get('player_uid'));`,
        ),
      ],
    }),
    request({
      name: 'Give a player tokens',
      endpoint: 'updatePlayer',
      params: { id: '{{player_id}}' },
      about: 'For admins.',
      bearer: 'token',
      json: { tokens: 99 },
      tests: [
        answers(200),
        check(
          'the tokens have changed and the name has not',
          `pm.expect(${json}.tokens).to.eql(99);`,
          `pm.expect(${json}.name).to.eql('Postman Player');`,
        ),
      ],
    }),
    request({
      name: 'A negative number: refused',
      endpoint: 'updatePlayer',
      params: { id: '{{player_id}}' },
      about: 'The number of tokens is 0 or more.',
      bearer: 'token',
      json: { tokens: -1 },
      tests: [refuses(400, 'invalid_request')],
    }),
    createMember(),
    signInAsMember(
      'Sign in as a user who is no admin',
      { token: 'member_token' },
      'The next request needs such a user.',
    ),
    request({
      name: 'Give tokens as a user who is no admin: refused',
      endpoint: 'updatePlayer',
      params: { id: '{{player_id}}' },
      about: 'Only admins change scores. In the lesson everybody could.',
      bearer: 'member_token',
      json: { tokens: 1_000_000 },
      tests: [refuses(403, 'forbidden')],
    }),
    request({
      name: 'Delete a player',
      endpoint: 'deletePlayer',
      params: { id: '{{player_id}}' },
      about: 'For admins.',
      bearer: 'token',
      tests: [answers(204)],
    }),
    request({
      name: 'The deleted player is not found',
      endpoint: 'readPlayer',
      params: { id: '{{player_id}}' },
      about: 'The player does not exist any more.',
      bearer: 'token',
      tests: [refuses(404, 'not_found')],
    }),
    deleteMember(),
    signOut(),
  ],
);
