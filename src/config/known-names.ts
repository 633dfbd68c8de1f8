import type { Settings } from './schema.js';

/** What of the settings a call may be set up with, by name. */
export interface CallNames {
  readonly provider?: string | undefined;
  readonly profile?: string | undefined;
  readonly context?: string | undefined;
}

/** A name that the settings do not have. */
export interface UnknownName {
  readonly field: keyof CallNames;
  readonly name: string;
  readonly known: readonly string[];
}

export function unknownNames(settings: Pick<Settings, 'providers' | 'profiles' | 'contexts'>, names: CallNames): UnknownName[] {
  const known = { provider: settings.providers, profile: settings.profiles, context: settings.contexts };
  return (['provider', 'profile', 'context'] as const).flatMap((field) => {
    const name = names[field];
    return name === undefined || Object.hasOwn(known[field], name) ? [] : [{ field, name, known: Object.keys(known[field]) }];
  });
}
