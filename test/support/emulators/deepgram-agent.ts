import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebSocket } from 'ws';
import { Conversation } from './deepgram-agent/conversation.js';
import type { Answer, Manner } from './deepgram-agent/reply.js';
import { EmulatedService, Refusal } from './service.js';

const converse = '/v1/agent/converse';
const thinkModels = '/v1/agent/settings/think/models';
const projects = '/v1/projects';

/**
 * Deepgram's voice agent: checks what a client sends as the published protocol has it, hears speech by its energy, and
 * says what the test has laid down. Every byte of a reply's audio is the number of the reply in its conversation.
 */
export class EmulatedDeepgramAgent extends EmulatedService {
  readonly apiKey = 'emulated-key';
  /** What is recognised, turn by turn. */
  hears: string[] = [];
  /** What is answered, reply by reply, to the caller or to what was injected. */
  answers: Answer[] = [];
  /** Of keys that may hold conversations and see no projects: 403. */
  projectsStatus = 200;
  /** The service accepts a socket and says no more from there on. */
  silentFrom: 'welcome' | 'settings' | undefined;
  /** The first message. */
  welcome: object = { type: 'Welcome', request_id: '6b1c2a9e-0000-4000-8000-000000000001' };
  quietMs = 10_000;
  /** As while somebody speaks. */
  refusesInjections = false;
  readonly conversations: Conversation[] = [];
  readonly manner: Manner = {
    pace: 5,
    thinkMs: 20,
    endMs: 200,
    tellsStart: false,
    tellsThinking: false,
    tellsEndOfTurn: true,
    isTextLate: false,
    strayMs: 0,
    tellsCutDone: false,
    isDoneEarly: false,
  };

  /** The newest. */
  get conversation(): Conversation {
    const newest = this.conversations.at(-1);
    if (!newest) throw new Error('nobody has opened a conversation');
    return newest;
  }

  protected override accept(request: IncomingMessage, url: URL): void {
    if (![converse, thinkModels, projects].includes(url.pathname)) throw new Refusal(404, { err_code: 'NOT_FOUND' });
    if (request.method !== 'GET') throw new Refusal(405, { err_code: 'METHOD_NOT_ALLOWED' });
    if (url.search !== '') throw new Refusal(400, { err_code: 'Bad Request', err_msg: 'no query is known' });
    const isPublic = url.pathname === thinkModels;
    if (!isPublic && request.headers.authorization !== `Token ${this.apiKey}`) throw new Refusal(401, { err_code: 'INVALID_AUTH' });
  }

  protected override takeRequest(_request: IncomingMessage, response: ServerResponse, url: URL): void {
    const status = url.pathname === projects ? this.projectsStatus : url.pathname === thinkModels ? 200 : 426;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ models: [], projects: [] }));
  }

  protected override takeSocket(socket: WebSocket): void {
    if (this.silentFrom === 'welcome') return;
    const conversation = new Conversation(socket, {
      manner: this.manner,
      fault: () => this.fault,
      violated: (what) => this.violated(what),
      later: (ms, action) => this.later(ms, action),
      words: () => this.hears.shift() ?? 'Hello.',
      answer: () => this.answers.shift() ?? { says: [{ text: 'Yes.', ms: 200 }] },
      lose: () => this.dropAll(),
      quietMs: this.quietMs,
      refusesInjections: this.refusesInjections,
      isDeaf: this.silentFrom === 'settings',
    });
    this.conversations.push(conversation);
    conversation.tell(this.welcome);
  }
}
