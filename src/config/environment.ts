import { type Document, isScalar, visit } from 'yaml';
import { TalkpathError } from '../base/errors.js';

/**
 * Puts the environment's values where a scalar says `${NAME}` or `${NAME:-default}`. A plain scalar that is nothing
 * else takes the type that the value has in YAML, so that `port: ${PORT:-9092}` is a number; a quoted one stays text.
 * Throws TP_ERR_CONFIG_INVALID for a variable that is not set and has no default.
 */
export function substituteEnvironment(document: Document, environment: NodeJS.ProcessEnv, lineOf: (offset: number) => string): void {
  visit(document, {
    Scalar(_key, node) {
      if (!isScalar(node) || typeof node.value !== 'string' || !node.value.includes('${')) return;
      const replaced = node.value.replaceAll(/\$\{(\w+)(?::-([^}]*))?\}/g, (_whole, variable: string, fallback: string | undefined) => {
        const value = environment[variable] || fallback;
        if (value !== undefined) return value;
        throw new TalkpathError(
          'TP_ERR_CONFIG_INVALID',
          `${lineOf(node.range?.[0] ?? 0)}: the environment variable ${variable} is not set and has no default; write \${${variable}:-default} or set it`,
        );
      });
      node.value = node.type === 'PLAIN' && /^\$\{[^}]*\}$/.test(node.value) ? typed(replaced) : replaced;
    },
  });
}

function typed(value: string): string | number | boolean {
  if (value === 'true' || value === 'false') return value === 'true';
  return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}
