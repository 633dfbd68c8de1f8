/** Where models are kept, and which addon is loaded: the one that a sanitizer was built into, say. */
const handedOn = ['TALKPATH_CACHE', 'TALKPATH_PREBUILD'];

/** What a talkpath that a test starts gets of our environment: nothing that changes its settings. */
export const inheritedEnvironment = (): Readonly<Record<string, string | undefined>> =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TALKPATH_') || handedOn.includes(name)));
