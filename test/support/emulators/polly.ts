import type { IncomingMessage, ServerResponse } from 'node:http';
import { faultOfSignature } from './aws-signature.js';
import { sendSpeech, usualManner } from './sent-speech.js';
import { EmulatedService, Refusal } from './service.js';

const fields = ['Engine', 'LanguageCode', 'LexiconNames', 'OutputFormat', 'SampleRate', 'SpeechMarkTypes', 'Text', 'TextType', 'VoiceId'];
const engines: Readonly<Record<string, readonly string[]>> = { Joanna: ['standard', 'neural', 'generative'], Brian: ['standard', 'neural'] };
const mostCharacters = 3000;

/** SynthesizeSpeech of Amazon Polly, with PCM as its answer. */
export class EmulatedPolly extends EmulatedService {
  readonly keys = { id: 'AKIDTEST', secret: 'polly-secret', region: 'eu-central-1', service: 'polly' };
  readonly manner = usualManner();
  /** Texts, in the order in which they were begun. */
  readonly spoken: string[] = [];
  /** Requests that are not finished. */
  atWork = 0;
  contentType = 'audio/pcm';
  /** The next request is answered with this error, by its name and HTTP status. */
  nextError: readonly [name: string, status: number] | undefined;

  protected override accept(request: IncomingMessage, url: URL): void {
    if (`${request.method} ${url.pathname}` !== 'POST /v1/speech') throw new Refusal(404, { message: 'UnknownOperationException' });
  }

  protected override takeRequest(request: IncomingMessage, response: ServerResponse): void {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.on('end', () => {
      const refuse = (name: string, status: number): void => {
        const headers = { 'content-type': 'application/json', 'x-amzn-errortype': name };
        response.writeHead(status, headers).end(JSON.stringify({ message: `${name} for ${body}` }));
      };
      const forged = faultOfSignature(request, body, this.keys);
      const wrong = forged ?? faultOf(body);
      if (wrong) {
        this.violated(wrong);
        refuse(wrong, forged ? 403 : 400);
      } else if (this.nextError) {
        refuse(...this.nextError);
        this.nextError = undefined;
      } else this.#speak(JSON.parse(body), response);
    });
  }

  #speak({ Text, SampleRate }: { Text: string; SampleRate: string }, response: ServerResponse): void {
    this.spoken.push(Text);
    this.atWork += 1;
    response.writeHead(200, { 'content-type': this.contentType, 'x-amzn-requestcharacters': String(Text.length) });
    const stop = sendSpeech({
      text: Text,
      format: { encoding: 'pcm16', rateHz: Number(SampleRate) },
      manner: this.manner,
      fault: this.fault,
      later: (ms, action) => this.later(ms, action),
      send: (audio) => response.write(audio),
      done: () => response.end(),
      lose: () => response.destroy(),
    });
    response.on('close', () => {
      this.atWork -= 1;
      stop();
    });
  }
}

/** What is wrong with a request, by the name that the service gives it. */
function faultOf(body: string): string | undefined {
  let request: Record<string, unknown>;
  try {
    request = JSON.parse(body);
  } catch {
    return 'SerializationException';
  }
  const { Engine = 'standard', OutputFormat, SampleRate = '16000', Text, TextType = 'text', VoiceId } = request;
  if (Object.keys(request).some((field) => !fields.includes(field))) return 'ValidationException';
  if (typeof Text !== 'string' || Text.trim() === '' || TextType !== 'text' || OutputFormat !== 'pcm') return 'ValidationException';
  if (Text.length > mostCharacters) return 'TextLengthExceededException';
  if (SampleRate !== '8000' && SampleRate !== '16000') return 'InvalidSampleRateException';
  const known = engines[String(VoiceId)];
  if (!known) return 'ValidationException';
  return known.includes(String(Engine)) ? undefined : 'EngineNotSupportedException';
}
