import type { Bench } from './bench.js';

/** How often a dialplan has put a caller through to PJSIP/reception. */
export const putThrough = (bench: Bench): number => bench.asterisk.log().match(/Executing .*Dial\(.*PJSIP\/reception/g)?.length ?? 0;
