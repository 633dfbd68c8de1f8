import { messageOf, TalkpathError } from '../base/errors.js';
import { addon, type EngineOptions, type EngineSnapshot } from './addon.js';

/** Starts the process's engine. Throws TP_ERR_ENGINE_START when its options are refused. */
export function startEngine(options: EngineOptions): void {
  try {
    addon.startEngine(options);
  } catch (error) {
    throw new TalkpathError('TP_ERR_ENGINE_START', messageOf(error), { cause: error });
  }
}

export const stopEngine = (): void => addon.stopEngine();

/** Undefined when no engine runs. */
export const engineSnapshot = (): EngineSnapshot | undefined => addon.engineSnapshot();

/**
 * Has `ring` called on this Node thread after each tick that had a session: as soon as it is over, or, for who keeps a
 * line's time, `steadily` at the same moment of each tick. Null takes the doorbell down.
 */
export const setDoorbell = (ring: (() => void) | null, when: 'at-once' | 'steadily' = 'at-once'): void =>
  addon.setDoorbell(ring, when === 'steadily');
