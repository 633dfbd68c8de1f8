import type { Fault, FaultType } from '#emulators/fault.js';
import type { Provider } from '#talkpath/providers/provider.js';

/** A provider and the emulated services behind it, as the conformance kit handles them. */
export interface ProviderBench {
  readonly provider: Provider;
  /** The same with a key that the service does not know. */
  readonly unknownToService?: Provider;
  /** How the services fail from now on; undefined ends it. */
  setFault(fault: Fault | undefined): void;
  /** Faults that cannot occur with these services. */
  readonly impossible?: readonly FaultType[];
  /** A greeting that the call brings is said word for word, and no answer of the service is used up for it. */
  readonly saysGreetingsItself?: true;
  /** How long words last is the voice's affair: `ms` of agentWillSay() is only a hint. */
  readonly saysAtItsOwnPace?: true;
  /** What the service will understand of the caller's next turn. */
  callerWillSay(words: string): void;
  /** What the agent will say next: `ms` of audio. */
  agentWillSay(text: string, ms: number): void;
  /** The agent will want something done next, and say that when it is. Without it the services know no tools. */
  agentWillUse?(tool: string, args: Readonly<Record<string, unknown>>, thenSays: string): void;
  /** What a service was told of earlier words, as text in any shape. */
  toldOf(words: string): boolean;
  /** Connections that are open now, of all services. */
  openConnections(): number;
  /** What the client did that the services' protocols do not allow. */
  violations(): readonly string[];
  close(): Promise<void>;
}
