import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseOpenMetrics } from '../../support/open-metrics.js';

const good = `# HELP a Help
# TYPE a counter
a_total{x="1"} 2
# HELP b Help
# TYPE b histogram
b_bucket{le="0.1"} 1
b_bucket{le="+Inf"} 3
b_sum 0.5
b_count 3
# EOF
`;

test('the reader of the tests takes a well-formed text', () => {
  const families = parseOpenMetrics(good);
  assert.equal([...families.keys()], ['a', 'b']);
  assert.equal(families.get('a')?.samples, [{ name: 'a_total', labels: { x: '1' }, value: 2 }]);
});

const broken: Record<string, [from: string, to: string]> = {
  'has no end': ['# EOF\n', ''],
  'has a counter without _total': ['a_total{', 'a{'],
  'has a sample twice': ['a_total{x="1"} 2', 'a_total{x="1"} 2\na_total{x="1"} 3'],
  'has buckets that do not count up': ['b_bucket{le="0.1"} 1', 'b_bucket{le="0.1"} 4'],
  'has a bucket for all that is not the count': ['b_count 3', 'b_count 4'],
  'has no bucket for all': ['b_bucket{le="+Inf"} 3', 'b_bucket{le="0.5"} 3'],
  'has bounds in disorder': ['b_bucket{le="0.1"} 1', 'b_bucket{le="0.2"} 1\nb_bucket{le="0.1"} 1'],
  'has no number': ['b_sum 0.5', 'b_sum much'],
  'has an open quote': ['x="1"', 'x="1'],
  'has a family in two pieces': ['# EOF', '# HELP a Again\n# EOF'],
};

for (const [what, [from, to]] of Object.entries(broken)) {
  test(`the reader of the tests refuses a text that ${what}`, () => {
    assert.throws(() => parseOpenMetrics(good.replace(from, to)));
  });
}

test.run();
