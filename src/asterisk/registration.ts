import { longest, type Registration } from '../call/announcements.js';

/** The channel variables that choose what a call is set up with. */
export const choosing = { provider: 'AI_PROVIDER', profile: 'AI_AUDIO_PROFILE', context: 'AI_CONTEXT' } as const;

/** Every variable that is asked for, each once; those that choose come first. */
export function askedVariables(variables: readonly string[]): string[] {
  return [...new Set([...Object.values(choosing), ...variables])];
}

/**
 * What a channel says of its call.
 * @param values of its variables, by name; an empty one is as good as none
 * @param variables those that the agent is told
 */
export function registrationOf(values: ReadonlyMap<string, string>, variables: readonly string[], caller: Registration['caller']): Registration {
  const value = (name: string): string | undefined => {
    const text = values.get(name);
    return text === undefined || text.trim() === '' ? undefined : text;
  };
  return {
    provider: value(choosing.provider),
    profile: value(choosing.profile),
    context: value(choosing.context),
    caller,
    variables: Object.fromEntries(
      variables.flatMap((name) => {
        const text = value(name);
        return text === undefined ? [] : [[name, text]];
      }),
    ),
  };
}

/** Whether it is within what the admin API takes, too. */
export function isWithinBounds({ caller, variables }: Registration): boolean {
  return (
    (caller.number ?? '').length <= longest.number &&
    (caller.name ?? '').length <= longest.name &&
    Object.values(variables).every((text) => text.length <= longest.variable)
  );
}
