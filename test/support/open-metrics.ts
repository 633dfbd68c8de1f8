export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

const suffixes: Record<string, readonly string[]> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  summary: ['', '_sum', '_count', '_created'],
  unknown: [''],
};

/**
 * Reads an OpenMetrics text and throws for whatever is not well-formed. Source: OpenMetrics 1.0, as far as the
 * exposition of one process without timestamps and exemplars goes.
 */
export function parseOpenMetrics(text: string): Map<string, Family> {
  if (!text.endsWith('\n# EOF\n')) throw new Error('the text does not end with # EOF');
  const families = new Map<string, { name: string; type: string; help: string; samples: Sample[] }>();
  const seen = new Set<string>();
  let current: { name: string; type: string; help: string; samples: Sample[] } | undefined;
  for (const line of text.slice(0, -'# EOF\n'.length).trimEnd().split('\n')) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const [, keyword, name = '', rest = ''] = /^# (TYPE|HELP|UNIT) ([a-zA-Z_:][\w:]*) (.*)$/.exec(line) ?? [];
    if (keyword !== undefined) {
      if (name !== current?.name) {
        if (families.has(name)) fail('a family is interleaved with another');
        current = { name, type: 'unknown', help: '', samples: [] };
        families.set(name, current);
      } else if (current.samples.length > 0) fail('something is said of a family after its first sample');
      if (keyword === 'TYPE') current.type = rest in suffixes ? rest : fail('an unknown type');
      if (keyword === 'HELP') current.help = rest;
      continue;
    }
    if (!current) throw new Error(`a sample without a family: ${line}`);
    const sample = parseSample(line) ?? fail('no sample');
    const family = current;
    if (!(suffixes[family.type] ?? []).some((suffix) => sample.name === family.name + suffix)) fail('a sample of another family');
    const identity = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    if (seen.has(identity)) fail('the same sample twice');
    seen.add(identity);
    if (family.type === 'counter' && sample.value < 0) fail('a negative counter');
    family.samples.push(sample);
  }
  for (const family of families.values()) if (family.type === 'histogram') checkHistogram(family);
  return families;
}

function parseSample(line: string): Sample | undefined {
  const [, name, labelText = '', valueText = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  if (name === undefined) return undefined;
  const labels: Record<string, string> = {};
  let rest = labelText;
  while (rest !== '') {
    const [whole, label = '', value = ''] = /^([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,(?=.)|$)/.exec(rest) ?? [];
    if (whole === undefined || label in labels) return undefined;
    labels[label] = value;
    rest = rest.slice(whole.length);
  }
  const value = valueText === '+Inf' ? Number.POSITIVE_INFINITY : Number(valueText);
  return Number.isNaN(value) ? undefined : { name, labels, value };
}

/** Buckets count up to +Inf, which is the count. */
function checkHistogram({ name, samples }: Family): void {
  const others = ({ labels: { le: _le, ...rest } }: Sample): string => JSON.stringify(Object.entries(rest).sort());
  for (const labels of new Set(samples.map(others))) {
    const own = samples.filter((sample) => others(sample) === labels);
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels: { le } }) => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le)));
    const counts = buckets.map(({ value }) => value);
    const rising = (values: readonly number[], strictly: boolean): boolean =>
      values.every((value, i) => i === 0 || value > (values[i - 1] ?? 0) || (!strictly && value === values[i - 1]));
    if (!rising(bounds, true)) throw new Error(`the bounds of ${name}${labels} do not rise: ${bounds}`);
    if (!rising(counts, false)) throw new Error(`the buckets of ${name}${labels} are not cumulative: ${counts}`);
    const count = own.find((sample) => sample.name === `${name}_count`)?.value;
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY || counts.at(-1) !== count)
      throw new Error(`${name}${labels} has no bucket for all of its ${count}`);
    if (!own.some((sample) => sample.name === `${name}_sum`)) throw new Error(`${name}${labels} has no sum`);
  }
}
