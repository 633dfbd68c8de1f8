import { type Document, isScalar, visit } from 'yaml';
import { TalkpathError } from '../base/errors.js';
import { withoutKeys } from './without-keys.js';

/** The settings whose values came from the environment, by their path ("admin.token"), each with the variables it came from. */
export type Origins = Map<string, string>;

const deepest = 20;
const variable = /\$\{(\w+)(?::-((?:(?!\$\{)[^}])*))?\}/g;

/** A value from the environment, on its way to the setting that it is for. */
class FromEnvironment {
  constructor(
    readonly value: unknown,
    readonly variables: string,
  ) {}
}

/**
 * Puts the environment's values where a scalar says `${NAME}` or `${NAME:-default}`; keys stay as they are. A plain
 * scalar that is nothing else takes the type that the value has in YAML, so that `port: ${PORT:-9092}` is a number; a
 * quoted one stays text. What the document then yields is to be given to settle().
 * Throws TP_ERR_CONFIG_INVALID for a variable that is not set and has no default, and for `${` that begins none.
 */
export function substituteEnvironment(document: Document, environment: NodeJS.ProcessEnv, lineOf: (offset: number) => string): void {
  visit(document, {
    Scalar(key, node) {
      if (key === 'key' || !isScalar(node) || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const used = new Set<string>();
      if (node.value.replaceAll(variable, '').includes('${')) {
        const at = lineOf(node.range?.[0] ?? 0);
        throw new TalkpathError('TP_ERR_CONFIG_INVALID', `${at}: Expected \${NAME} or \${NAME:-default} for a variable but received something else`);
      }
      const replaced = node.value.replaceAll(variable, (_whole, name: string, fallback: string | undefined) => {
        if (environment[name]) used.add(name);
        const value = environment[name] || fallback;
        if (value !== undefined) return value;
        throw new TalkpathError(
          'TP_ERR_CONFIG_INVALID',
          `${lineOf(node.range?.[0] ?? 0)}: ${withoutKeys(`the environment variable ${name} is not set and has no default; write \${${name}:-default} or set it`)}`,
        );
      });
      const value = node.type === 'PLAIN' && /^\$\{[^}]*\}$/.test(node.value) ? typed(replaced) : replaced;
      node.value = used.size > 0 ? new FromEnvironment(value, [...used].join(' and ')) : value;
    },
  });
}

function typed(value: string): string | number | boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}

/** What the document yields, with the environment's values in their places; `origins` is told where those are. */
export function settle(content: unknown, origins: Origins, path: readonly string[] = []): unknown {
  if (path.length > deepest)
    throw new TalkpathError('TP_ERR_CONFIG_INVALID', `Expected at most ${deepest} levels but ${path[0]} has more, or contains itself`);
  if (content instanceof FromEnvironment) {
    origins.set(path.join('.'), content.variables);
    return content.value;
  }
  if (Array.isArray(content)) return content.map((item, i) => settle(item, origins, [...path, String(i)]));
  if (typeof content !== 'object' || content === null) return content;
  if (Object.hasOwn(content, '__proto__'))
    throw new TalkpathError(
      'TP_ERR_CONFIG_INVALID',
      `Expected another name than __proto__ ${path.length > 0 ? `in ${path.join('.')}` : 'for a setting'}`,
    );
  return Object.fromEntries(Object.entries(content).map(([key, value]) => [key, settle(value, origins, [...path, key])]));
}
