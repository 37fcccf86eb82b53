import { describe, expect, test } from 'vitest';
import { embedCode, type Embed } from '../../web/src/model/embed_code';
import { linkedData, linkedName, siteRoot, sourcePart, withSources } from '../../web/src/model/link';
import { contentText, originOf, shareLink, sourcesToShare } from '../../web/src/model/share_link';
import { createState } from '../../web/src/model/state';
import { encodeState } from '../../web/src/model/url_state';
import type { OpenFile } from '../../web/src/sources/event_files';
import { longCsv, seriesJson, wideCsv, type NamedColumns } from '../../web/src/views/scalars/series_text';
import { svgPicture } from '../../web/src/charts/svg_picture';
import { xAxis, yAxis } from '../../web/src/charts/axis';
import type { ChartTheme } from '../../web/src/charts/chart_theme';

const local: OpenFile = { run: '.', name: 'tfevents', source: { id: 1, path: 'tfevents', blob: new Blob() } };
const served: OpenFile = { run: '.', name: 'tfevents', source: { id: 1, path: 'tfevents', url: 'http://h/logs/x' } };

describe('a link', () => {
  const make = async (page: string, files: OpenFile[], data?: string): Promise<string> => {
    const origin = originOf(page, files);
    const state = createState();
    state.y.value = 'log';
    return shareLink(page, origin, await encodeState(state), sourcesToShare(page, 'my logs', origin, data));
  };

  test('to local files names the folder, and may hold the logs', async () => {
    expect(await make('https://h/tp/?testing=1#v=1&x=wall', [local])).toBe('https://h/tp/#v=1&name=my+logs&y=log');
    const link = await make('https://h/tp/open/', [local], 'ab_-');
    expect(link).toBe('https://h/tp/#v=1&data=ab_-&name=my+logs&y=log');
    expect([linkedData(new URL(link).hash), linkedName(new URL(link).hash)]).toEqual(['ab_-', 'my logs']);
  });

  test('to what came from hosts or in a link names it again', async () => {
    const page = 'https://h/open/index.html#v=1&url=https://a.example/x&url=https://b.example/y';
    expect(originOf(page, [])).toEqual({ kind: 'hosts', hosts: ['a.example', 'b.example'] });
    expect(originOf('https://h/open/#v=1&url=http://', [])).toEqual({ kind: 'hosts', hosts: ['http://'] });
    expect(await make(page, [])).toBe(
      'https://h/open/#v=1&url=https://a.example/x&url=https://b.example/y&y=log'.replaceAll('?', ''),
    );
    expect(await make('https://h/#v=1&data=abc&name=n', [local])).toBe('https://h/#v=1&data=abc&name=n&y=log');
  });

  test('to what a server has beside the page says where it works', async () => {
    expect(originOf('http://localhost:6006/', [served])).toMatchObject({ kind: 'server', isThisComputer: true });
    expect(originOf('http://127.0.0.1:6006/', [served])).toMatchObject({ isThisComputer: true });
    expect(originOf('http://gpu7:6006/', [served])).toEqual({
      kind: 'server',
      host: 'gpu7:6006',
      isThisComputer: false,
    });
    expect(await make('http://gpu7:6006/#v=1&name=x', [served])).toBe('http://gpu7:6006/#v=1&y=log');
  });

  test('a part of a state stays what it is', () => {
    expect(sourcePart('#v=1&url=https://a/x%26y&zoom=1&name=a+b&data=_-')).toBe('url=https://a/x%26y&name=a+b&data=_-');
    expect(withSources('', '')).toBe('');
    expect(linkedName(`#name=${'a'.repeat(1e6)}`)).toHaveLength(200);
    expect(
      ['https://h/', 'https://h/index.html#x', 'https://h/open/', 'https://h/embed/index.html?a'].map(siteRoot),
    ).toEqual(Array(4).fill('https://h/'));
  });

  test('says what it carries', () => {
    const state = createState();
    expect(contentText(state, 1)).toBe('1 run included');
    state.pins.value = [['scalars', 'a']];
    state.zoom.value = new Map([['a', { x: [0, 1], y: [0, 1] }]]);
    state.y.value = 'log';
    expect(contentText(state, 8)).toBe('8 runs, 1 pin, zoom and scales included');
  });

  test('of a usual case stays below 2 kB', async () => {
    const state = createState();
    const runs = ['convnext-t', 'resnet50', 'vit-s16'].flatMap((model) =>
      ['base', 'ema', 'no-aug', 'cosine'].map((kind) => `imagenet100-sweep/${model}/${kind}_lr=0.001_seed=3`),
    );
    const tags = [
      'train/loss_epoch',
      'valid/accuracy_top1',
      'optimizer/grad_norm',
      'valid/loss',
      'train/lr',
      'perf/images_per_second',
    ];
    state.view.value = 'scalars';
    state.tagFilter.value = '/loss|acc|grad/';
    state.selection.value = { shownByDefault: true, exceptions: new Set(runs.slice(0, 4)) };
    state.colours.value = new Map(runs.slice(0, 10).map((run, i) => [run, i]));
    state.pins.value = tags.slice(0, 3).map((tag) => ['scalars', tag]);
    state.zoom.value = new Map(
      tags.map((tag, i) => [tag, { x: [1234.5678 * i, 42_400.123], y: [0.123456789012345, 5.432109876543] }]),
    );
    state.yOfTag.value = new Map(tags.slice(0, 3).map((tag) => [tag, 'log']));
    state.closedGroups.value = new Set(['perf', 'system']);
    state.step.value = 42_400n;
    state.theme.value = 'dark';
    const hash = await encodeState(state);
    expect(hash).toMatch(/^v=1&z=/);
    expect(hash.length).toBeLessThan(1000);
  });
});

describe('code to embed', () => {
  const embed: Embed = {
    root: 'https://h/tp/',
    title: 'a "b" [c], Scalars',
    urls: [],
    view: 'scalars',
    tags: '"><script>alert(1)</script>',
    runs: '',
    smoothing: 0.9,
    height: 320,
    theme: 'auto',
    hash: 'v=1&url=https://a/x',
    link: 'https://h/open/#v=1&tags=(a)',
  };

  test('is an element', () => {
    expect(embedCode('element', embed)).toBe(
      '<script type="module" src="https://h/tp/tensorpane.js"></script>\n' +
        '<tensor-pane src="runs/manifest.json" view="scalars"\n' +
        '  tags="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;" smoothing="0.9" height="320" theme="auto"></tensor-pane>',
    );
    expect(embedCode('element', { ...embed, urls: ['https://a/x'] })).toContain('src="https://a/x"');
    // What there are no attributes for; a state that is deflated has all of it.
    const hash = 'v=1&url=https://a/x&tags=a&x=wall&shown=all,b%2Fc';
    expect(embedCode('element', { ...embed, hash })).toContain('state="x=wall&amp;shown=all,b/c"');
    expect(embedCode('element', { ...embed, hash: 'v=1&url=https://a/x&z=ab-_' })).toContain('state="v=1&amp;z=ab-_"');
  });

  test('is a frame or Markdown', () => {
    expect(embedCode('iframe', embed)).toBe(
      '<iframe src="https://h/tp/embed/#v=1&amp;url=https://a/x"\n' +
        '  title="a &quot;b&quot; [c], Scalars" width="100%" height="320" loading="lazy"></iframe>',
    );
    expect(embedCode('markdown', embed)).toBe('[a "b" \\[c\\], Scalars](https://h/open/#v=1&tags=%28a%29)');
    const title = 'x<img src=x onerror=alert(1)>\n\n `&lt;`';
    expect(embedCode('markdown', { ...embed, title, link: 'https://h/' })).toBe(
      '[x&lt;img src=x onerror=alert(1)&gt; \\`&amp;lt;\\`](https://h/)',
    );
  });
});

describe('series as text', () => {
  const columns = (run: string, tag: string, points: [bigint, number, number][]): NamedColumns => ({
    run,
    tag,
    steps: BigInt64Array.from(points, ([step]) => step),
    wallTimes: Float64Array.from(points, ([, wall]) => wall),
    values: Float64Array.from(points, ([, , value]) => value),
  });
  const series = [
    columns('a,b', 'loss "x"', [[0n, 1700000000.25, 0.5], [2n ** 60n + 1n, 1700000001, NaN]]), // prettier-ignore
    columns('c', 'loss', [[5n, 1, 1], [0n, 2, 2], [5n, 3, Infinity]]), // prettier-ignore
  ];
  const joined = async (pieces: AsyncIterable<string> | Iterable<string>): Promise<string> => {
    let text = '';
    for await (const piece of pieces) text += piece;
    return text;
  };

  test('long: a row for each point', async () => {
    expect(await joined(longCsv(series))).toBe(
      'run,tag,step,wall_time,value\n' +
        '"a,b","loss ""x""",0,1700000000.25,0.5\n' +
        '"a,b","loss ""x""",1152921504606846977,1700000001,NaN\n' +
        'c,loss,5,1,1\nc,loss,0,2,2\nc,loss,5,3,Infinity\n',
    );
  });

  test('wide: a row for each step, of which the last point counts', async () => {
    expect(await joined(wideCsv(series))).toBe(
      'step,"a,b loss ""x""",c loss\n0,0.5,2\n5,,Infinity\n1152921504606846977,NaN,\n',
    );
    const long = [
      columns(
        'a',
        'b',
        Array.from({ length: 20_000 }, (_, i) => [BigInt(i), i, i]),
      ),
    ];
    expect((await joined(wideCsv(long))).split('\n')).toHaveLength(20_002);
  });

  test('JSON', async () => {
    const { series: read } = JSON.parse(await joined(seriesJson(series))) as { series: unknown[] };
    expect(read[1]).toEqual({
      run: 'c',
      tag: 'loss',
      steps: [5, 0, 5],
      wallTimes: [1, 2, 3],
      values: [1, 2, 'Infinity'],
    });
    expect(read).toHaveLength(2);
    const long = columns(
      'a',
      'b',
      Array.from({ length: 20_000 }, (_, i) => [BigInt(i), i, i]),
    );
    const again = JSON.parse(await joined(seriesJson([long]))) as { series: { values: number[] }[] };
    expect(again.series[0]?.values).toEqual([...long.values]);
  });
});

test('a picture holds whatever names there are as text', () => {
  const theme = { font: 'a "b"', fontSize: 11, ink: '#000000', grid: '#eeeeee', axis: '#777777', base: '#cccccc', background: '#ffffff', rawOpacity: 0.3, lineWidth: 1.5 } as ChartTheme; // prettier-ignore
  const line = {
    smoothed: Float64Array.of(0, 0, 1, NaN, 2, 1),
    raw: Float64Array.of(0, 0, 2, 1),
    marks: Float64Array.of(1, 0),
  };
  const chart = { title: '<script>\0\ud800&"', flag: 'log', x: xAxis('step', 0, 2, false, 4), y: yAxis('linear', 0, 1, false), lines: [{ line, colour: '#123456', dash: [6, 3] }] }; // prettier-ignore
  const { svg, width } = svgPicture([chart, chart], [{ label: 'a<b', colour: '#123456', dash: [] }], theme);
  expect(width).toBe(880);
  expect(svg).toContain('>&lt;script>&amp;&quot;</text>');
  expect(svg).toContain('>a&lt;b</text>');
  expect(svg).not.toContain('NaN');
  expect(svg.match(/M\S+ \S+/g)?.length).toBeGreaterThan(4);
});
