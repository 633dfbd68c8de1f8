import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, cacheFolder, contentHash } from '../setup/cache.mjs';
import { run } from '../setup/process.mjs';
import { SetupError } from '../setup/report.mjs';
import { unpackPackages, withDebianArchive } from './debian-files.mjs';

const suite = 'forky';
const oldest = { major: 22, minor: 10 };
const libraries = 'usr/lib/x86_64-linux-gnu';
const loader = `${libraries}/ld-linux-x86-64.so.2`;
const program = 'usr/sbin/asterisk';

/** What the tests load, in an order that Asterisk accepts. */
const modules = [
  'res_timing_timerfd pbx_config res_crypto res_sorcery_config res_sorcery_memory res_sorcery_astdb',
  'format_wav format_pcm codec_ulaw codec_alaw codec_resample',
  'bridge_simple bridge_softmix bridge_native_rtp bridge_builtin_features chan_bridge_media',
  'app_dial app_exec app_echo app_playback app_milliwatt app_senddtmf app_stack app_verbose app_userevent res_curl func_curl func_json',
  'res_speech res_agi',
  'func_callerid func_channel func_dialplan func_global func_logic func_strings func_timeout func_uri func_uuid func_jitterbuffer',
  'res_audiosocket app_audiosocket chan_audiosocket res_rtp_asterisk res_pjproject res_pjsip res_pjsip_pubsub',
  'res_pjsip_session res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_dtmf_info res_pjsip_authenticator_digest',
  'res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user res_pjsip_endpoint_identifier_anonymous res_pjsip_header_funcs res_pjsip_refer',
  'res_pjsip_rfc3326 res_pjsip_logger chan_pjsip func_pjsip_endpoint',
  'res_http_websocket res_websocket_client res_stasis res_stasis_answer res_stasis_playback res_stasis_recording res_stasis_snoop',
  'res_ari_model res_ari app_stasis res_ari_channels res_ari_events',
].flatMap((line) => line.split(' '));

const recipeHash = () => contentHash({ files: [fileURLToPath(import.meta.url)] });

/** Says which cache entry the last fetch made, so that a later run needs no network. */
const pointer = () => join(cacheFolder(), 'asterisk.json');

/** The folder with a real Asterisk, undefined before the first fetch or when it was made by another recipe. */
export function asteriskFolder() {
  if (!existsSync(pointer())) return undefined;
  const { recipe, entry } = JSON.parse(readFileSync(pointer(), 'utf8'));
  const folder = join(cacheFolder(), entry);
  return recipe === recipeHash() && existsSync(folder) ? folder : undefined;
}

/**
 * Step: Debian's Asterisk 22 with all that it loads, in a folder of its own, run by its own dynamic linker. It needs
 * no root and no package of the machine. The folder also has modules.txt, the modules in the order to load them.
 * @param {{ refresh?: boolean }} [options] `refresh` asks the archive for a newer one
 */
export const asterisk = ({ refresh = false } = {}) => ({
  title: 'Asterisk for the tests',
  upToDate: async () => !refresh && asteriskFolder() !== undefined,
  async run(report) {
    let version;
    await withDebianArchive(suite, report, async (aptGet, work) => {
      const closure = (await aptGet('--print-uris', 'install', 'asterisk')).split('\n').filter((line) => line.startsWith("'"));
      const filesAndSums = closure.map((line) => line.split(' ').slice(1).join(' ')).sort();
      const entry = `asterisk-${contentHash({ strings: [recipeHash(), ...filesAndSums] })}`;
      const folder = await cached(entry, async (draft) => {
        await aptGet('-y', '--download-only', 'install', 'asterisk');
        const everything = join(work, 'unpacked');
        await unpackPackages(join(work, 'cache/archives'), everything, report);
        await copyNeeded(everything, draft);
      });
      version = await checkedVersion(folder);
      writeFileSync(pointer(), JSON.stringify({ recipe: recipeHash(), entry }));
    });
    return version;
  },
});

/** Copies the program, the modules and the shared objects they load: a sixth of the whole. */
async function copyNeeded(from, to) {
  const roots = [program, ...modules.map((name) => `${libraries}/asterisk/modules/${name}.so`)];
  const wanted = new Set([...roots, loader]);
  for (const root of roots) {
    const list = await run(join(from, loader), ['--library-path', join(from, libraries), '--list', join(from, root)]);
    for (const [, name] of list.matchAll(/^\s*(\S+) => \//gm)) wanted.add(`${libraries}/${basename(name)}`);
  }
  for (const path of wanted) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    copyFileSync(join(from, path), join(to, path));
  }
  for (const name of ['documentation', 'rest-api'])
    cpSync(join(from, 'usr/share/asterisk', name), join(to, 'usr/share/asterisk', name), { recursive: true });
  writeFileSync(join(to, 'modules.txt'), `${modules.join('\n')}\n`);
}

async function checkedVersion(folder) {
  const line = await run(join(folder, loader), ['--library-path', join(folder, libraries), join(folder, program), '-V']);
  const [, major, minor] = /Asterisk (\d+)\.(\d+)/.exec(line) ?? [];
  if (Number(major) === oldest.major && Number(minor) >= oldest.minor) return line.trim();
  rmSync(folder, { recursive: true, force: true });
  throw new SetupError(
    `Debian ${suite} has "${line.trim()}", and the tests know Asterisk ${oldest.major}.${oldest.minor} and later ${oldest.major}.x.`,
    'teach scripts/test/asterisk.mjs the new series, and look for what changed in its AudioSocket',
  );
}
