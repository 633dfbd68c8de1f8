import { tone } from '../sound.js';
import { advisedJitterBuffer, guideDialplan, pastedDialplan } from './pasted-dialplan.js';

/** What the phone hears when the dialplan went on behind the agent, and when it went on to a human. */
export const wentOnHz = 700;
export const humanHz = 1200;

const sound = (hz: number) => ({ rateHz: 8000, samples: tone(hz, 4000, 8000) });
export const sounds = { 'went-on': sound(wentOnHz), human: sound(humanHz) };

const uuid = '${PJSIP_HEADER(read,X-Call-Uuid)}';
const afterwards = `
 same => n,Set(DISPOSITION=\${CURL(http://\${ADMIN}/v1/calls/\${CALL}/disposition)})
 same => n,Verbose(1,the dialplan goes on: \${DISPOSITION})
 same => n,Playback(\${IF($["\${DISPOSITION}" = "transfer"]?human:went-on)})
 same => n,Hangup()
`;

/**
 * The extensions that the phones dial. The phone says the call's UUID in X-Call-Uuid; the globals TALKPATH, ADMIN and
 * AGI are host:port of talkpath's servers, BARE that of a bare echo server. Each context that README.md and
 * docs/asterisk.md tell people to paste is dialled by its name; `reception` is the person they put callers through to.
 */
export const dialplan = `
exten => app,1,Answer()
 same => n,Set(CALL=${uuid})
 same => n,AudioSocket(\${CALL},\${TALKPATH})${afterwards}
exten => buffered,1,Answer()
 same => n,${advisedJitterBuffer}
 same => n,Goto(app,1)
exten => slin16,1,Answer()
 same => n,Set(CALL=${uuid})
 same => n,Dial(AudioSocket/\${TALKPATH}/\${CALL}/c(slin16),,g)${afterwards}
exten => ringing,1,Ringing()
 same => n,Wait(20)
exten => bare,1,Answer()
 same => n,AudioSocket(${uuid},\${BARE})

exten => encoded,1,Answer()
 same => n,Set(CALL=${uuid})
 same => n,Dial(AudioSocket/\${TALKPATH}/\${CALL},,g)${afterwards}
exten => agi-slip,1,Answer()
 same => n,Set(AI_CONTEXT=no-such)
 same => n,AGI(agi://\${AGI}/call)
 same => n,Verbose(1,slip \${TALKPATH_STATUS} \${TALKPATH_UUID} \${AGISTATUS})
 same => n,Wait(20)
exten => dialled,1,Answer()
 same => n,Set(AI_CONTEXT=sales)
 same => n,Set(order=42)
 same => n,Dial(AudioSocket/\${TALKPATH}/${uuid}/c(slin16),,g)
exten => late-profile,1,Answer()
 same => n,Set(AI_AUDIO_PROFILE=wideband)
 same => n,AudioSocket(${uuid},\${TALKPATH})
exten => stasis,1,Answer()
 same => n,Set(AI_CONTEXT=${uuid})
 same => n,Stasis(talkpath)
exten => reception,1,Answer()
 same => n,Playback(human)
${[...pastedDialplan.contexts, ...guideDialplan.contexts].map((name) => `exten => ${name},1,Goto(${name},100,1)`).join('\n')}

${pastedDialplan.text}
${guideDialplan.text}`;
