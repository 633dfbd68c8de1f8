import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Sound, wavBytes } from '../wav.js';
import { guideFile } from './pasted-dialplan.js';

export interface AsteriskConfig {
  /** The unpacked Asterisk. */
  readonly prefix: string;
  /** Where everything that is of this run alone goes. */
  readonly folder: string;
  readonly sipPort: number;
  /** Of the manager and of HTTP. */
  readonly managerPort: number;
  readonly httpPort: number;
  /** Lines of extensions.conf below [phones]. */
  readonly dialplan: string;
  /** What Playback() can play, by name. */
  readonly sounds: Readonly<Record<string, Sound>>;
}

const folders = ['etc', 'var', 'db', 'keys/keys', 'data/sounds', 'agi', 'spool', 'run', 'log'];

/** Writes every configuration file that Asterisk reads: loopback only, nothing outside of `folder`. */
export function writeAsteriskConfig({ prefix, folder, sipPort, managerPort, httpPort, dialplan, sounds }: AsteriskConfig): void {
  for (const name of folders) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['documentation', 'rest-api']) symlinkSync(join(prefix, 'usr/share/asterisk', name), join(folder, 'data', name));
  for (const [name, sound] of Object.entries(sounds)) writeFileSync(join(folder, 'data/sounds', `${name}.wav`), wavBytes(sound));
  const modules = readFileSync(join(prefix, 'modules.txt'), 'utf8').trim().split('\n');
  const files = {
    'asterisk.conf': asteriskConf(prefix, folder),
    'modules.conf': ['[modules]', 'autoload = no', ...modules.map((name) => `load = ${name}.so`)].join('\n'),
    'logger.conf': '[general]\ndateformat = %H:%M:%S.%3q\n[logfiles]\nmessages.log => notice,warning,error,verbose(3)',
    'extensions.conf': `[general]\nstatic = yes\n[phones]\n${dialplan}`,
    'pjsip.conf': pjsipConf(sipPort),
    'rtp.conf': '[general]\nrtpstart = 20000\nrtpend = 29999\nstrictrtp = no\nicesupport = no',
    'http.conf': guideFile('http.conf', { 8088: httpPort }),
    'manager.conf': guideFile('manager.conf', { 5038: managerPort }),
    'ari.conf': `${guideFile('ari.conf', {})}\n[stasis]\ntype = user\nread_only = no\npassword = change-me`,
    'websocket_client.conf': '',
    'indications.conf': '[general]\ncountry = us\n[us]\ndescription = United States\nringcadence = 2000,4000\nring = 440+480/2000,0/4000',
    'udptl.conf': '[general]',
    'features.conf': '[general]',
    'acl.conf': '',
    'cdr.conf': '[general]\nenable = no',
    'cel.conf': '[general]\nenable = no',
    'ccss.conf': '[general]',
    'stasis.conf': '',
    'sorcery.conf': '',
    'codecs.conf': '',
    'pjproject.conf': '[startup]\ntype = startup\nlog_level = 2',
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'etc', name), `${text}\n`);
}

function asteriskConf(prefix: string, folder: string): string {
  const directories = {
    astetcdir: join(folder, 'etc'),
    astmoddir: join(prefix, 'usr/lib/x86_64-linux-gnu/asterisk/modules'),
    astvarlibdir: join(folder, 'var'),
    astdbdir: join(folder, 'db'),
    astkeydir: join(folder, 'keys'),
    astdatadir: join(folder, 'data'),
    astagidir: join(folder, 'agi'),
    astspooldir: join(folder, 'spool'),
    astrundir: join(folder, 'run'),
    astlogdir: join(folder, 'log'),
    astsbindir: join(prefix, 'usr/sbin'),
  };
  const lines = Object.entries(directories).map(([name, path]) => `${name} => ${path}`);
  return ['[directories]', ...lines, '[options]', 'transmit_silence = yes', 'internal_timing = yes', 'verbose = 3'].join('\n');
}

/** `phone` is whoever calls from this machine; `reception` is an endpoint that is answered by the dialplan's extension. */
function pjsipConf(sipPort: number): string {
  const endpoint = `type = endpoint
transport = transport
context = phones
disallow = all
allow = ulaw,alaw,slin16
direct_media = no
media_address = 127.0.0.1
bind_rtp_to_media_address = yes
rtp_symmetric = no
dtmf_mode = rfc4733
timers = no`;
  return `[global]
type = global
[transport]
type = transport
protocol = udp
bind = 127.0.0.1:${sipPort}
[phone]
${endpoint}
[phone]
type = identify
endpoint = phone
match = 127.0.0.1
[reception]
${endpoint}
aors = reception
[reception]
type = aor
contact = sip:reception@127.0.0.1:${sipPort}`;
}
