import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { foldRuns, type RunFacts } from '../../web/src/model/fold';

const BY_TORCH = 'events.out.tfevents.1700000000.host.12.';

/** A run that may be a sub-run: with one scalar tag, or with a session. */
function facts(path: string, what: Partial<RunFacts> = {}): RunFacts {
  return { run: path, opening: 1, path, files: [], onlyScalar: undefined, isSession: false, ...what };
}

function folded(...runs: RunFacts[]): Record<string, string> {
  return Object.fromEntries([...foldRuns(runs)].map(([run, { parent, label }]) => [run, `${parent} ${label}`]));
}

/** Facts of a real log, by the oracle. */
function factsOfCase(name: string): RunFacts[] {
  const data = new URL(`../data/${name}/`, import.meta.url);
  const { runs } = JSON.parse(readFileSync(new URL('expected.json', data), 'utf8')) as {
    runs: { run: string; tags: Record<string, { plugin_name: string; steps: number[] }> }[];
  };
  return runs.map(({ run, tags }) => {
    const all = Object.entries(tags);
    const [first] = all;
    const folder = new URL(`logs/${run.split('/').map(encodeURIComponent).join('/')}/`, data);
    return facts(run, {
      files: readdirSync(folder).filter((file) => file.includes('tfevents')),
      onlyScalar: all.length === 1 && first?.[1].plugin_name === 'scalars' ? first[0] : undefined,
      isSession:
        '_hparams_/session_start_info' in tags &&
        all.every(([, { plugin_name, steps }]) => plugin_name === 'hparams' || steps.length <= 1),
    });
  });
}

describe('sub-runs of real logs', () => {
  test('by torch', () => {
    const trials = [283, 288, 293, 298, 303, 308].map((time, i) => [
      `sweep/trial_0${i}/1700000${time}.0`,
      `sweep/trial_0${i} 1700000${time}.0`,
    ]);
    expect(folded(...factsOfCase('torch_all'))).toEqual({
      'scalars/group_nested_test a/b': 'scalars test a/b',
      'scalars/group_nested_train': 'scalars train',
      'scalars/group_nested_valid': 'scalars valid',
      ...Object.fromEntries(trials),
    });
  });
  test('by tensorboardX', () => {
    expect(folded(...factsOfCase('tbx_all'))).toEqual({
      'scalars/group/nested/train': 'scalars train',
      'scalars/group/nested/valid': 'scalars valid',
      'sweep/1700000179.75': 'sweep 1700000179.75',
      'sweep/1700000181.5': 'sweep 1700000181.5',
    });
  });
  test.each(['torch_training', 'keras_digits', 'tf_plugins', 'tf_summaries', 'lightning_run', 'edge_restarts'])(
    'none in %s',
    (name) => expect(folded(...factsOfCase(name))).toEqual({}),
  );
});

describe('sub-runs of add_scalars', () => {
  const child = (path: string, onlyScalar: string, more: Partial<RunFacts> = {}): RunFacts =>
    facts(path, { onlyScalar, ...more });

  test('are those of the nearest run above', () => {
    expect(folded(facts('.'), facts('a'), child('a/loss_train', 'loss'))).toEqual({ 'a/loss_train': 'a train' });
    expect(folded(facts('.'), child('a/loss_train', 'loss'))).toEqual({});
    expect(folded(facts('.'), child('loss_train', 'loss'))).toEqual({ loss_train: '. train' });
  });
  test('may have keys with any character, and tags that were cleaned', () => {
    expect(folded(facts('a'), child('a/x y_k_1/2', 'x_y'))).toEqual({ 'a/x y_k_1/2': 'a k_1/2' });
    expect(folded(facts('a'), child('a/x y/é', 'x_y'))).toEqual({ 'a/x y/é': 'a é' });
    expect(folded(facts('a'), child('a/loss_loss_b', 'loss'))).toEqual({ 'a/loss_loss_b': 'a loss_b' });
  });
  test('are none without a key or with another tag', () => {
    expect(folded(facts('a'), child('a/loss_', 'loss'), child('a/loss', 'loss'), child('a/loss/b', 'acc'))).toEqual({});
    expect(folded(facts('a'), child('a/lossy_b', 'loss'), child('a/_b', ''))).toEqual({});
  });
  test('are none if there is no run above, or only in another opening', () => {
    expect(folded(child('a/loss_b', 'loss'))).toEqual({});
    expect(folded(facts('a', { opening: 2 }), child('a/loss_b', 'loss'))).toEqual({});
  });
  test('keep to their opening when names were taken', () => {
    expect(
      folded(
        facts('.'),
        facts('.', { run: '. (2)', opening: 2 }),
        child('loss_b', 'loss', { opening: 2 }),
        child('loss_c', 'loss', { opening: 2, run: 'loss_c (2)' }),
      ),
    ).toEqual({ loss_b: '. (2) b', 'loss_c (2)': '. (2) c' });
  });
  test('are none if they have more than the tag', () => {
    expect(folded(facts('a'), facts('a/loss_b'))).toEqual({});
  });
  test('are none if runs are below them', () => {
    expect(folded(facts('a'), child('a/loss_b', 'loss'), facts('a/loss_b/c'))).toEqual({});
  });
  test('are none if another process or machine wrote them', () => {
    const by = (file: string, other: string): Record<string, string> =>
      folded(facts('a', { files: [file] }), child('a/loss_b', 'loss', { files: [other] }));
    const found = { 'a/loss_b': 'a b' };
    expect(by(`${BY_TORCH}0`, `${BY_TORCH}7`)).toEqual(found);
    expect(by(`${BY_TORCH}0`, 'events.out.tfevents.1700000000.host.13.0')).toEqual({});
    expect(by(`${BY_TORCH}0`, 'events.out.tfevents.1700000000.other.12.0')).toEqual({});
    expect(by(`${BY_TORCH}0.suffix`, `${BY_TORCH}3.suffix`)).toEqual(found);
    expect(by('events.out.tfevents.1700000000.host', 'events.out.tfevents.1700000009.host')).toEqual(found);
    expect(by('events.out.tfevents.1700000000.host', 'events.out.tfevents.1700000009.other')).toEqual({});
    expect(by('my.tfevents', `${BY_TORCH}0`)).toEqual(found);
  });
});

describe('sub-runs of add_hparams', () => {
  const session = (path: string): RunFacts => facts(path, { isSession: true });

  test('are named by a time, right below the run', () => {
    expect(folded(facts('.'), session('1700000283.5'))).toEqual({ '1700000283.5': '. 1700000283.5' });
    expect(folded(facts('a'), session('a/b/1700000283.5'))).toEqual({});
    expect(folded(session('1700000283.5'))).toEqual({});
  });
  test('are none with a name, or with no session in them', () => {
    expect(folded(facts('a'), session('a/hp'), session('a/12'), session('a/1700000283.5x'))).toEqual({});
    expect(folded(facts('a'), facts('a/1700000283.5'))).toEqual({});
  });
});
