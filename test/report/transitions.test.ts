/** Groups of transitions add up, and the table of them says so. */
import { describe, expect, it } from 'vitest';
import { levelOf } from '../../src/report/risk-classes.ts';
import { changeSentence } from '../../src/report/section-hotspots.ts';
import { LEVELS } from '../../src/report/stories.ts';
import { groupTransitions, movement, transitionTable } from '../../src/report/transitions.ts';
import { checkWellFormed } from './well-formed.ts';

const level = (code: number) => {
  const found = levelOf(code);
  return found && LEVELS.indexOf(found);
};

describe('groupTransitions', () => {
  it('adds up the classes of each level', () => {
    const codes = [-6, -1, 3, 12];
    const cells = [
      [1, 2, 3, 4],
      [5, 6, 7, 8],
      [9, 10, 11, 12],
      [13, 14, 15, 16],
    ];
    expect(groupTransitions({ codes, cells }, 3, level)).toEqual([
      [14, 10, 12],
      [19, 11, 12],
      [27, 15, 16],
    ]);
  });

  it('leaves out codes that belong to no group', () => {
    const cells = [
      [5, 7],
      [9, 2],
    ];
    expect(groupTransitions({ codes: [0, 1], cells }, 3, level)[1]).toEqual([0, 2, 0]);
  });
});

describe('movement', () => {
  it('splits all cells by where they went', () => {
    const { same, earlier, later } = movement([
      [50, 10, 0],
      [5, 20, 0],
      [5, 0, 10],
    ]);
    expect([same, earlier, later]).toEqual([0.8, 0.1, 0.1]);
  });
});

describe('transitionTable', () => {
  const counts = [
    [600, 50, 0],
    [100, 150, 0],
    [0, 0, 100],
  ];
  const words = {
    caption: 'C',
    corner: 'before',
    names: ['a', 'b', 'c'],
    colours: [
      [255, 0, 0],
      [128, 128, 128],
      [0, 128, 0],
    ],
  } as const;

  it('has shares of all cells, with sums of rows and columns', () => {
    const { markup } = transitionTable(counts, words);
    checkWellFormed(markup);
    const rows = [...markup.matchAll(/<tr[^>]*><th scope="row".*?<\/tr>/gs)].map(([row]) =>
      row
        .replace(/<[^>]*>/g, ' ')
        .replace(/\u00a0/g, '')
        .trim()
        .split(/\s+/),
    );
    expect(rows).toEqual([
      ['a', '60.0%', '5.0%', '0.0%', '65.0%'],
      ['b', '10.0%', '15.0%', '0.0%', '25.0%'],
      ['c', '0.0%', '0.0%', '10.0%', '10.0%'],
      ['All', 'after', '70.0%', '20.0%', '10.0%', '100%'],
    ]);
  });

  it('colours by direction, and nothing where nothing went', () => {
    const shades = [...transitionTable(counts, words).markup.matchAll(/background:#(..)(..)(..)/g)].map((match) =>
      match.slice(1).map((byte) => Number.parseInt(byte, 16)),
    );
    const [stayed, later, nothing, earlier] = shades;
    expect(nothing).toEqual([255, 255, 255]);
    expect(stayed[0]).toBe(stayed[1]);
    expect(later[1]).toBeGreaterThan(later[0]);
    expect(earlier[0]).toBeGreaterThan(earlier[1]);
  });
});

describe('changeSentence', () => {
  it('tells what stayed and what is new', () => {
    const words = changeSentence([
      [30, 10, 0],
      [5, 40, 5],
      [0, 2, 8],
    ]).replace(/\u00a0/g, ' ');
    expect(words).toBe(
      '80 % of what was hot stayed so and 75 % of what was cold stayed so; 5.0 % of the area is newly hot and 5.0 % newly cold.',
    );
  });

  it('has nothing to say of what was not there', () => {
    const words = changeSentence([
      [0, 0, 0],
      [0, 90, 10],
      [0, 0, 0],
    ]).replace(/\u00a0/g, ' ');
    expect(words).toBe('10 % of the area is newly hot and none newly cold.');
  });
});
