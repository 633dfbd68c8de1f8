import { existsSync, readFileSync, statSync } from 'node:fs';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { messageOf, TalkpathError } from '../base/errors.js';
import { nearestName } from '../base/nearest-name.js';
import { asteriskFindings } from './asterisk.js';
import { type Origins, settle, substituteEnvironment } from './environment.js';
import type { ProviderSettings } from './providers.js';
import { builtInProfiles, type Settings, settingsSchema } from './schema.js';
import { callToolNames } from './tools.js';
import { type Finding, found, validate, type Wording } from './validate.js';
import { withoutKeys } from './without-keys.js';

const defaultFile = 'talkpath.yaml';
const mostBytes = 1_000_000;

const builtInProviders: Record<string, ProviderSettings> = {
  echo: { type: 'echo' },
  local: { type: 'scripted', tier: 'auto' },
};

export interface LoadOptions {
  /** Path given on the command line. */
  readonly file?: string | undefined;
  readonly environment?: NodeJS.ProcessEnv;
}

/**
 * Reads the settings: defaults, then the file, then the overrides of the environment.
 * Throws TP_ERR_CONFIG_READ or TP_ERR_CONFIG_INVALID, the latter with every finding, by line.
 */
export function loadSettings({ file, environment = process.env }: LoadOptions = {}): Settings {
  const path = file ?? (environment.TALKPATH_CONFIG || (existsSync(defaultFile) ? defaultFile : undefined));
  const source = path === undefined ? '' : read(path);
  return parseSettings(source, path ?? 'the environment', environment);
}

/** The same for a text; `origin` names it in messages. */
export function parseSettings(source: string, origin: string, environment: NodeJS.ProcessEnv = {}): Settings {
  if (typeof source !== 'string')
    throw new TalkpathError('TP_ERR_CONFIG_INVALID', `Expected the text of a configuration but received a value of type ${typeof source}`);
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const lineOf = (offset: number): string => `${origin}:${lines.linePos(offset).line}`;
  const [broken] = document.errors;
  if (broken) {
    const line = source.split('\n')[lines.linePos(broken.pos[0]).line - 1];
    const hint = line?.includes('${') ? '; inside { } and [ ] a variable is quoted: "${NAME}"' : '';
    throw new TalkpathError('TP_ERR_CONFIG_INVALID', `${lineOf(broken.pos[0])}: ${withoutKeys(broken.message)}${hint}`);
  }
  substituteEnvironment(document, environment, lineOf);

  const origins: Origins = new Map();
  const raw = settle(contentOf(document, origin), origins);
  const wording = wordingOf(origins);
  const result = validate(settingsSchema, isMapping(raw) ? withOverrides(withBuiltIns(raw), environment, origins) : raw, wording);
  const findings = 'findings' in result ? result.findings : unknownNames(result.value, wording);
  if (findings.length > 0) {
    const sentences = findings.map(({ path, message }) => {
      const offset = offsetOf(document, path);
      return `${offset === undefined ? origin : lineOf(offset)}: ${withoutKeys(message)}`;
    });
    throw new TalkpathError('TP_ERR_CONFIG_INVALID', [...new Set(sentences)].join('\n'));
  }
  return (result as { value: Settings }).value;
}

/**
 * A value of the environment may be a secret that came to the wrong place: its variable is named instead. A file that
 * is no settings at all may be a key.
 */
function wordingOf(origins: Origins): Wording {
  return {
    whole: 'the file',
    part: 'setting',
    hidden: (path) => {
      const variables = origins.get(path.join('.'));
      if (variables !== undefined) return ` from the environment variable ${variables}`;
      return path.length === 0 ? '' : undefined;
    },
  };
}

function read(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > mostBytes) throw new Error(`it has ${size} bytes, and settings have at most ${mostBytes}`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new TalkpathError('TP_ERR_CONFIG_READ', `The configuration ${path} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Where the setting stands in the file; of one that is missing, the section that should have it. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  for (let depth = path.length; depth >= Math.min(1, path.length); depth -= 1) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return undefined;
}

function contentOf(document: Document, origin: string): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    const what = error instanceof RangeError ? 'Expected lists and mappings in a few levels but they are nested too deeply' : messageOf(error);
    throw new TalkpathError('TP_ERR_CONFIG_INVALID', `${origin}: ${withoutKeys(what)}`);
  }
}

const isMapping = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Profiles and providers that need no file; a file may change single settings of a profile. */
function withBuiltIns(raw: Record<string, unknown>): Record<string, unknown> {
  const { profiles = {}, providers = {} } = raw;
  const merged = { ...raw };
  if (isMapping(profiles)) {
    const all: Record<string, unknown> = { ...profiles };
    for (const [name, preset] of Object.entries(builtInProfiles)) {
      const given = profiles[name] ?? {};
      all[name] = isMapping(given) ? { ...preset, ...given } : given;
    }
    merged.profiles = all;
  }
  if (isMapping(providers)) merged.providers = { ...builtInProviders, ...providers };
  return merged;
}

/** TALKPATH_AUDIOSOCKET and TALKPATH_ADMIN as host:port, TALKPATH_PROVIDER as a name. */
function withOverrides(raw: Record<string, unknown>, environment: NodeJS.ProcessEnv, origins: Origins): Record<string, unknown> {
  const merged = { ...raw };
  for (const [variable, key] of [
    ['TALKPATH_AUDIOSOCKET', 'audiosocket'],
    ['TALKPATH_ADMIN', 'admin'],
  ] as const) {
    const value = environment[variable];
    if (!value) continue;
    const [, host, port] = /^\[?([^\]/\s]+)\]?:(\d+)$/.exec(value) ?? [];
    if (!host || Number(port) > 65_535) {
      throw new TalkpathError('TP_ERR_CONFIG_INVALID', `Expected host:port for the environment variable ${variable} but received something else`);
    }
    for (const part of ['host', 'port']) origins.set(`${key}.${part}`, variable);
    merged[key] = { ...(isMapping(merged[key]) ? merged[key] : {}), host, port: Number(port) };
  }
  if (environment.TALKPATH_PROVIDER) {
    merged.default_provider = environment.TALKPATH_PROVIDER;
    origins.set('default_provider', 'TALKPATH_PROVIDER');
  }
  return merged;
}

/** Names that point nowhere. */
function unknownNames(settings: Settings, wording: Wording): Finding[] {
  const findings: Finding[] = [];
  const check = (path: PropertyKey[], name: string | undefined, known: Record<string, unknown>): void => {
    if (name === undefined || Object.hasOwn(known, name)) return;
    const meant = nearestName(name, Object.keys(known));
    const names = Object.keys(known).join(', ');
    findings.push({
      path,
      message: `Expected one of ${names} for ${path.join('.')} but received ${found(name, path, wording)}${meant ? `. Did you mean ${meant}?` : ''}`,
    });
  };
  check(['default_provider'], settings.default_provider, settings.providers);
  check(['default_profile'], settings.default_profile, settings.profiles);
  settings.fallback.forEach((name, i) => check(['fallback', i], name, settings.providers));
  for (const provider of Object.keys(settings.prices.providers)) check(['prices', 'providers', provider], provider, settings.providers);
  const tools = { ...Object.fromEntries(callToolNames.map((name) => [name, true])), ...settings.tools };
  for (const [context, value] of Object.entries(settings.contexts)) {
    check(['contexts', context, 'provider'], value.provider, settings.providers);
    check(['contexts', context, 'profile'], value.profile, settings.profiles);
    value.fallback?.forEach((name, i) => check(['contexts', context, 'fallback', i], name, settings.providers));
    value.tools.forEach((name, i) => check(['contexts', context, 'tools', i], name, tools));
  }
  findings.push(...asteriskFindings(settings.asterisk));
  const { host, token } = settings.admin;
  if (token === undefined && !/^(127(\.\d{1,3}){3}|localhost|::1)$/.test(host)) {
    findings.push({
      path: ['admin', 'token'],
      message: `Expected a token for admin.token because admin.host is ${found(host, ['admin', 'host'], wording)}, which others can reach, but received nothing`,
    });
  }
  return findings;
}
