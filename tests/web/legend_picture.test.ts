import { expect, test } from 'vitest';
import type { Legend, LegendClass } from '../../web/src/views/projector/colouring';
import { legendMarks, type LegendMark } from '../../web/src/views/projector/legend_picture';

/** As if every letter were 10 px wide. */
const marksOf = (legend: Legend, width = 400) => legendMarks('kind', legend, width, (text) => 10 * [...text].length);
const textsOf = (marks: readonly LegendMark[]) =>
  marks.flatMap((mark) => (mark.kind === 'text' ? [[mark.text, mark.x, mark.y]] : []));
const classOf = (label: string, colour: string, isHidden = false): LegendClass => ({ text: label, label, colour, points: 1, isHidden }); // prettier-ignore

test('classes that are shown, in as many lines as they need', () => {
  const classes = [classOf('cat', '#111111'), classOf('gone', '#222222', true), classOf('a long name', '#333333')];
  const { marks, height } = marksOf({ kind: 'classes', classes }, 160);
  expect(textsOf(marks)).toEqual([
    ['kind', 12, 22],
    ['cat', 26, 42],
    ['a long name', 26, 62],
  ]);
  expect(marks.flatMap((mark) => (mark.kind === 'dot' ? [mark.colour] : []))).toEqual(['#111111', '#333333']);
  expect(height).toBe(84);
  const [, cut] = textsOf(marksOf({ kind: 'classes', classes: [classOf('x'.repeat(99), '#111111')] }, 100).marks);
  expect(cut?.[0]).toBe('xxxxx…');
});

test('a label of a million letters is cut by measuring few of them', () => {
  let measured = 0;
  const classes = [classOf('x'.repeat(1e6), '#111111')];
  const { marks } = legendMarks(
    'kind',
    { kind: 'classes', classes },
    400,
    (text) => ((measured += text.length), 10 * text.length),
  );
  expect(textsOf(marks)[1]?.[0]).toBe(`${'x'.repeat(23)}…`);
  expect(measured).toBeLessThan(10_000);
});

test('a scale with its ends, and points without a value', () => {
  const ticks = [0, 1].map((at) => ({ at, label: `${at}` }));
  const { marks } = marksOf({ kind: 'range', stops: ['#000000', '#ffffff'], ticks, without: 3, none: '#888888' });
  expect(marks.find(({ kind }) => kind === 'ramp')).toMatchObject({ x: 12, width: 240 });
  expect(textsOf(marks)).toEqual([
    ['kind', 12, 22],
    ['0', 12, 62],
    ['1', 252, 62],
    ['without a value', 26, 82],
  ]);
});

test('no colours, no legend', () => {
  expect(marksOf({ kind: 'nothing' })).toEqual({ marks: [], height: 0 });
});
