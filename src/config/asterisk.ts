import { z } from 'zod';
import { host, integer, listOf, offOrInteger, section, text, url } from './fields.js';
import type { Finding } from './validate.js';

/** What is set of the ways to and from Asterisk beside audio. docs/asterisk.md tells what each can do. */

/** A name that a channel variable can have. */
const variableName = () => {
  const what = { error: () => 'name of a channel variable: 1 to 64 letters, digits or _, the first no digit' };
  return z.string(what).regex(/^[A-Za-z_]\w{0,63}$/, what);
};

const agi = section({
  host: host().default('127.0.0.1'),
  port: offOrInteger(0, 65_535).default('off'),
  max_connections: integer(1, 10_000).default(256),
});

const ami = section({
  host: host().optional(),
  port: integer(1, 65_535).default(5038),
  user: text(255).optional(),
  secret: text(255).optional(),
});

const ari = section({
  url: url('http', 'https').optional(),
  user: text(255).optional(),
  password: text(255).optional(),
});

export const asterisk = section({
  variables: listOf(variableName()).default([]),
  agi: agi.prefault({}),
  ami: ami.prefault({}),
  ari: ari.prefault({}),
});

export type AsteriskSettings = z.infer<typeof asterisk>;

/** What is wrong with these settings as a whole. */
export function asteriskFindings({ ami, ari }: AsteriskSettings): Finding[] {
  const needs = [
    ['ami', 'host', 'user', ami.host, ami.user],
    ['ami', 'host', 'secret', ami.host, ami.secret],
    ['ari', 'url', 'user', ari.url, ari.user],
    ['ari', 'url', 'password', ari.url, ari.password],
  ] as const;
  return needs.flatMap(([part, cause, needed, given, value]) =>
    given === undefined || value !== undefined
      ? []
      : [
          {
            path: ['asterisk', part, needed],
            message: `Expected text for asterisk.${part}.${needed} because asterisk.${part}.${cause} is set, but received nothing`,
          },
        ],
  );
}
